export const ROLES = ['staff', 'finance', 'auditor', 'admin'] as const;
export type Role = (typeof ROLES)[number];

/** Who may do what. A role that does not stand in a row may not. */
export const RIGHTS = {
  /** Find, register and read invoices; send, copy, follow and revoke their links; send their PDF. */
  handle_invoices: ['staff', 'finance', 'admin'],
  void_invoices: ['finance', 'admin'],
  read_payments: ['staff', 'finance', 'auditor', 'admin'],
  export_payments: ['finance', 'auditor', 'admin'],
  /** Replay what happened to an invoice. */
  audit: ['auditor', 'admin'],
  /** Branches, their card processing, fees and wording, and the keys of the API. */
  administer: ['admin'],
} as const satisfies Record<string, readonly Role[]>;

export type Right = keyof typeof RIGHTS;

export function hasRight(role: Role, right: Right): boolean {
  return (RIGHTS[right] as readonly Role[]).includes(role);
}
