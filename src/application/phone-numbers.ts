export interface PhoneNumber {
  /** `+` and digits, without spaces. */
  readonly e164: string;
  /** ISO 3166-1 alpha-2; of a number of no country, `+` and its calling code. */
  readonly country: string;
  /** What the numbering plan says; many countries give mobile and fixed lines numbers of one kind. */
  readonly type: 'mobile' | 'fixed_line' | 'fixed_line_or_mobile' | 'other';
}

/** Reads telephone numbers as people write them. */
export abstract class PhoneNumbers {
  /**
   * The telephone of somebody, wherever it is: it need not be one that texts go to.
   * @throws DomainError `invalid_recipient`, as `parse` does
   */
  abstract read(text: string, defaultCountry: string): PhoneNumber;

  /**
   * A number that a text may go to. `defaultCountry` (ISO 3166-1 alpha-2) is where a number without `+` is from.
   * @throws DomainError `invalid_recipient` with `channel` and, in words, the `reason`; `country_not_allowed` with `country`
   * and the `reason`. The number itself is not repeated.
   */
  abstract parse(text: string, defaultCountry: string): PhoneNumber;
}
