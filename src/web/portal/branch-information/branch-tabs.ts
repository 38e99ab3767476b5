/** The pages of one branch, as tabs: each has an address of its own. */
export interface TabView {
  readonly href: string;
  readonly label: string;
  readonly current: boolean;
}

const TABS = [
  { tab: 'details', path: '', label: 'Details' },
  { tab: 'logo', path: '/logo', label: 'Logo' },
  { tab: 'senders', path: '/senders', label: 'Senders' },
  { tab: 'messages', path: '/messages/invoice-link', label: 'Customer portal' },
  { tab: 'reminders', path: '/reminders', label: 'Reminders' },
  { tab: 'fees', path: '/fees', label: 'Fees' },
  { tab: 'card', path: '/card-processing', label: 'Card processing' },
] as const;

export type BranchTab = (typeof TABS)[number]['tab'] | 'copy';

export function branchPath(branchId: string): string {
  return `/staff/branches/${branchId}`;
}

export function tabPath(branchId: string, wanted: BranchTab): string {
  return branchPath(branchId) + (TABS.find(({ tab }) => tab === wanted)?.path ?? `/${wanted}`);
}

export function branchTabs(branchId: string, current: BranchTab): readonly TabView[] {
  return TABS.map(({ tab, label }) => ({
    href: tabPath(branchId, tab),
    label,
    current: tab === current,
  }));
}
