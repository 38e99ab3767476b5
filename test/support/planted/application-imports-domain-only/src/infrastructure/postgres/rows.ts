export const rowOf = (id: string): string => id;
