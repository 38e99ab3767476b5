/** What the lists know of addresses, many at a time. */
import type { SkipReason } from './bulk-link-items.js';

export abstract class KnownContacts {
  /** By the digests of the addresses; of one that is missing nothing is known. */
  abstract find(
    digests: readonly string[],
  ): Promise<
    ReadonlyMap<
      string,
      { readonly textConsentAt: string | null; readonly optedOutAt: string | null; readonly unreachable: object | null }
    >
  >;
}

/** Of addresses that messages are to go to. */
export interface KnownAddresses {
  /** Why none goes to these. */
  readonly refused: ReadonlyMap<string, SkipReason>;
  /** Of telephones: those of which somebody vouched for the consent to texts. */
  readonly consenting: ReadonlySet<string>;
}

/**
 * STOP is looked for once more just before a text is sent.
 *
 * @param digestOf the digest under which an address is known
 */
export async function knownAddresses(
  contacts: KnownContacts,
  addresses: readonly string[],
  digestOf: (address: string) => string,
): Promise<KnownAddresses> {
  const digests = new Map(addresses.map((address) => [address, digestOf(address)]));
  const known = await contacts.find([...new Set(digests.values())]);
  const refused = new Map<string, SkipReason>();
  const consenting = new Set<string>();
  for (const [address, digest] of digests) {
    const contact = known.get(digest);
    if (contact?.optedOutAt) refused.set(address, 'contact_opted_out');
    else if (contact?.unreachable) refused.set(address, 'address_bounced');
    if (contact?.textConsentAt) consenting.add(address);
  }
  return { refused, consenting };
}
