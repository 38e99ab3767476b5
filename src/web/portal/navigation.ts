import { hasRight, type Right, type Role } from '../auth/rights.js';

interface Place {
  readonly label: string;
  readonly path: string;
  /** Who lacks it does not see the place. */
  readonly right: Right;
}

/** The places of the portal, in the order of the rail. */
const PLACES: readonly Place[] = [
  { label: 'Find invoice', path: '/staff/invoices', right: 'handle_invoices' },
  { label: 'Payment history', path: '/staff/payments', right: 'read_payments' },
  { label: 'Customers', path: '/staff/customers', right: 'handle_invoices' },
  { label: 'Company/Branch information', path: '/staff/branches', right: 'administer' },
  { label: 'Administration', path: '/staff/administration', right: 'administer' },
];

export interface PlaceView {
  readonly label: string;
  readonly href: string;
  readonly current: boolean;
}

/** What somebody of this role can go to. A branch that was chosen goes along from place to place. */
export function placesFor(role: Role, path: string, branchId: string | undefined): readonly PlaceView[] {
  return PLACES.filter(({ right }) => hasRight(role, right)).map((place) => ({
    label: place.label,
    href: branchId === undefined ? place.path : `${place.path}?branchId=${encodeURIComponent(branchId)}`,
    current: path === place.path || path.startsWith(`${place.path}/`),
  }));
}
