/** The pages of *Administration*, as tabs. */
export interface TabView {
  readonly href: string;
  readonly label: string;
  readonly current: boolean;
}

const PLACES = [
  { path: '/staff/administration/users', label: 'Users' },
  { path: '/staff/administration/api-keys', label: 'API keys' },
  { path: '/staff/administration/webhook-endpoints', label: 'Webhook endpoints' },
  { path: '/staff/administration/failed-jobs', label: 'Failed jobs' },
] as const;

/** @param path of the page that is shown */
export function administrationTabs(path: string): readonly TabView[] {
  return PLACES.map(({ path: href, label }) => ({
    href,
    label,
    current: path === href || path.startsWith(`${href}/`),
  }));
}
