type Given<T> = { [Key in keyof T]?: Exclude<T[Key], undefined> };

/** Only the fields that were given: an absent one and one of `undefined` are not the same to a command. */
export function given<T extends object>(fields: T): Given<T> {
  return Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== undefined)) as Given<T>;
}
