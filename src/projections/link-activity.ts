/** What happened last to any link of an invoice, as one line of a list. */

export type ActivityStatus =
  'scheduled' | 'queued' | 'failed' | 'sent' | 'delivered' | 'bounced' | 'opened' | 'revoked';

export interface LinkActivity {
  /** All null where no link was ever made. */
  readonly lastLinkId: string | null;
  readonly lastLinkStatus: ActivityStatus | null;
  readonly lastLinkChannel: string | null;
  readonly lastLinkAt: string | null;
  /** When the message of a link goes out that is scheduled; null once anything else happened. */
  readonly lastLinkSendAt: string | null;
  /** The channel of each link: what happens to one later does not say it again. */
  readonly linkChannels: Readonly<Record<string, string>>;
}

export const NO_ACTIVITY: LinkActivity = {
  lastLinkId: null,
  lastLinkStatus: null,
  lastLinkChannel: null,
  lastLinkAt: null,
  lastLinkSendAt: null,
  linkChannels: {},
};

/** How far each status is: of one link, a report that comes late hides nothing that went further. */
const RANK: Readonly<Record<ActivityStatus, number>> = {
  scheduled: 0,
  queued: 0,
  failed: 1,
  sent: 2,
  delivered: 3,
  bounced: 4,
  opened: 5,
  revoked: 6,
};

interface MadeLink {
  readonly linkId: string;
  readonly channel: string;
  /** Absent where its message goes at once. */
  readonly sendAt: string | undefined;
  readonly at: string;
}

/** A link was made. */
export function linkMade(row: LinkActivity, { linkId, channel, sendAt, at }: MadeLink): LinkActivity {
  return {
    ...activity(linkId, sendAt === undefined ? 'queued' : 'scheduled', channel, at),
    lastLinkSendAt: sendAt ?? null,
    linkChannels: { ...row.linkChannels, [linkId]: channel },
  };
}

/** Something happened to a link that was made before. */
export function linkMoved(
  row: LinkActivity,
  linkId: string,
  status: ActivityStatus,
  at: string,
): Partial<LinkActivity> {
  const isLate = row.lastLinkId === linkId && row.lastLinkStatus !== null && RANK[status] < RANK[row.lastLinkStatus];
  return isLate ? {} : activity(linkId, status, row.linkChannels[linkId] ?? null, at);
}

function activity(
  linkId: string,
  status: ActivityStatus,
  channel: string | null,
  at: string,
): Omit<LinkActivity, 'linkChannels'> {
  return {
    lastLinkId: linkId,
    lastLinkStatus: status,
    lastLinkChannel: channel,
    lastLinkAt: at,
    lastLinkSendAt: null,
  };
}
