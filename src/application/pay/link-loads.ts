/** One fetch of a link's address. Neither the caller's address nor the name of its browser is kept. */
export interface LinkLoad {
  readonly linkId: string;
  readonly loadedAt: Date;
  /** What the request itself gave away: no person's browser asks like this. */
  readonly likelyScanner: boolean;
}

/** A load as it was kept; `loadId` grows with time. */
export interface KeptLinkLoad extends LinkLoad {
  readonly loadId: string;
}

/**
 * Remembers that a link's address was fetched, which is no event and proves nothing: mail scanners and previews fetch too. Only
 * `LinkOpened` says that a person was there; the timeline shows a load in grey.
 */
export abstract class LinkLoads {
  abstract record(load: LinkLoad): Promise<void>;
  /** The latest loads of these links, oldest first, at most `limit`. */
  abstract latest(linkIds: readonly string[], limit: number): Promise<readonly KeptLinkLoad[]>;
}
