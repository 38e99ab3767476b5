import { isIP } from 'node:net';
import ipaddr from 'ipaddr.js';
import { WebhookAddresses } from '../../application/webhooks/webhook-ports.js';

/** Global unicast: everything else in IPv6 leads back into somebody's network, translated addresses among it. */
const GLOBAL_UNICAST = ipaddr.parseCIDR('2000::/3') as [ipaddr.IPv6, number];
const HTTPS_ONLY = 'must begin with https://';

/** True for an address that anybody on the internet can be asked at. */
export function isPublicAddress(address: string): boolean {
  if (isIP(address) === 0) return false;
  const parsed = ipaddr.parse(address);
  if (parsed.range() !== 'unicast') return false;
  return parsed.kind() === 'ipv4' || (parsed as ipaddr.IPv6).match(GLOBAL_UNICAST);
}

export function isLoopbackAddress(address: string): boolean {
  return isIP(address) !== 0 && ipaddr.parse(address).range() === 'loopback';
}

/** The address in a URL's host, without the brackets of IPv6; `undefined` for a name. */
export function literalAddress(host: string): string | undefined {
  const bare = host.replace(/^\[|\]$/g, '');
  return isIP(bare) === 0 ? undefined : bare;
}

export interface AddressRules {
  /** For a service that serves this machine alone: receivers on it may be told as well, by http too. */
  readonly allowLoopback: boolean;
}

/** What can be judged by the URL alone. What its name leads to is judged at every connection. */
export class PublicWebhookAddresses extends WebhookAddresses {
  constructor(private readonly rules: AddressRules) {
    super();
  }

  override objectionTo(text: string): string | undefined {
    if (!URL.canParse(text)) return 'must be a URL, like https://books.example.com/hooks';
    const { protocol, username, password, hash, hostname } = new URL(text);
    if (username !== '' || password !== '') return 'must not contain a user name or password';
    if (hash !== '') return 'must not contain a fragment';
    const address = literalAddress(hostname);
    const isLocal = hostname === 'localhost' || hostname.endsWith('.localhost') || isLoopback(address);
    if (isLocal && this.rules.allowLoopback) {
      return protocol === 'https:' || protocol === 'http:' ? undefined : HTTPS_ONLY;
    }
    if (protocol !== 'https:') return HTTPS_ONLY;
    const isPublic = address === undefined ? !isLocal && hostname.includes('.') : isPublicAddress(address);
    return isPublic ? undefined : 'must lead to a public address: this one is of a private network or of this machine';
  }
}

function isLoopback(address: string | undefined): boolean {
  return address !== undefined && isLoopbackAddress(address);
}
