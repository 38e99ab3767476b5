import type { Surroundings, TimelineEvent } from '../../../application/invoice/invoice-timeline.js';

/** What an event says in one line, and what more can be asked of it. */
export interface Line {
  readonly what: string;
  readonly tone: 'good' | 'warn' | 'bad' | 'calm';
  /** In the customer's own words. */
  readonly quote?: string;
  readonly details?: readonly Detail[];
}

export interface Detail {
  readonly term: string;
  readonly value: string;
}

/** How money and moments are written for this invoice. */
export interface Sayings {
  readonly money: (amountMinor: number) => string;
  /** An instant on the branch's wall. */
  readonly exact: (iso: string) => string;
}

type LineOf<T extends TimelineEvent['type']> = (
  data: Extract<TimelineEvent, { type: T }>['data'],
  about: Surroundings,
  say: Sayings,
) => Line;

/** A line for each of these events: one that is forgotten, or no longer there, does not compile. */
export type Lines<T extends TimelineEvent['type'] = TimelineEvent['type']> = { readonly [E in T]: LineOf<E> };

/** Leaves out what is not known. */
export function details(terms: Readonly<Record<string, string | undefined>>): readonly Detail[] {
  return Object.entries(terms).flatMap(([term, value]) =>
    value === undefined || value === '' ? [] : [{ term, value }],
  );
}

const CHANNELS = { email: 'email', sms: 'text', none: 'copied link' } as const;

/** `by email to ada@example.com`. */
export function way(link: Surroundings['link']): string {
  if (!link || link.channel === 'none') return 'as a copied link';
  return `by ${CHANNELS[link.channel]}${link.recipient === undefined ? '' : ` to ${link.recipient}`}`;
}
