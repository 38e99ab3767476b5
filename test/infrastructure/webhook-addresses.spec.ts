import { describe, expect, it } from '@jest/globals';
import { isPublicAddress, PublicWebhookAddresses } from '../../src/infrastructure/webhooks/public-addresses.js';

const NOT_PUBLIC = [
  ['this network', ['0.0.0.0', '0.1.2.3']],
  ['private', ['10.0.0.1', '172.16.0.1', '172.31.255.255', '192.168.1.1']],
  ['loopback', ['127.0.0.1', '127.255.255.254', '::1']],
  ['link-local', ['169.254.169.254', 'fe80::1']],
  ['shared by carriers', ['100.64.0.1', '100.127.255.255']],
  ['multicast and broadcast', ['224.0.0.1', '239.1.1.1', '255.255.255.255', 'ff02::1']],
  ['reserved and for documents', ['192.0.2.1', '198.18.0.1', '203.0.113.4', '240.0.0.1', '2001:db8::1', '3fff::1']],
  ['unique local', ['fc00::1', 'fd12:3456::1', 'fec0::1']],
  ['IPv4 in IPv6', ['::ffff:127.0.0.1', '::ffff:8.8.8.8', '::127.0.0.1', '::']],
  ['translated', ['64:ff9b::7f00:1', '64:ff9b::808:808', '64:ff9b:1::1', '2002:7f00:1::', '2001::1']],
  ['no address', ['', 'localhost', '1.2.3', '1.2.3.4.5']],
] as const;

describe('an address that webhooks may go to', () => {
  it.each(NOT_PUBLIC)('is none that is %s', (_what, addresses) => {
    for (const address of addresses) expect([address, isPublicAddress(address)]).toEqual([address, false]);
  });

  it('is one that anybody on the internet can be asked at', () => {
    for (const address of ['8.8.8.8', '172.32.0.1', '100.128.0.1', '2606:4700::1', '2a00:1450:4001::1']) {
      expect([address, isPublicAddress(address)]).toEqual([address, true]);
    }
  });
});

describe('the URL of an endpoint', () => {
  const publicOnly = new PublicWebhookAddresses({ allowLoopback: false });

  it.each(['https://books.example.com/hooks', 'https://books.example.com:8443/a?b=c', 'https://8.8.8.8/x'])(
    'may be %s',
    (url) => expect(publicOnly.objectionTo(url)).toBeUndefined(),
  );

  it.each([
    ['books', 'must be a URL'],
    ['http://books.example.com', 'must begin with https://'],
    ['ftp://books.example.com', 'must begin with https://'],
    ['javascript:alert(1)', 'must begin with https://'],
    ['https://user:secret@books.example.com', 'must not contain a user name'],
    ['https://books.example.com/#x', 'must not contain a fragment'],
    ['https://localhost/x', 'must lead to a public address'],
    ['https://api.localhost/x', 'must lead to a public address'],
    ['https://intranet/x', 'must lead to a public address'],
    ['https://10.1.2.3/x', 'must lead to a public address'],
    ['https://2130706433/x', 'must lead to a public address'],
    ['https://0x7f.1/x', 'must lead to a public address'],
    ['https://017700000001/x', 'must lead to a public address'],
    ['https://[::1]/x', 'must lead to a public address'],
    ['https://[::ffff:10.0.0.1]/x', 'must lead to a public address'],
    ['https://169.254.169.254/latest/meta-data', 'must lead to a public address'],
  ])('may not be %s', (url, why) => expect(publicOnly.objectionTo(url)).toMatch(why));

  it('may be of this machine where everything else is on it too, and of no other private place', () => {
    const local = new PublicWebhookAddresses({ allowLoopback: true });
    for (const url of ['http://localhost:4000/x', 'https://127.0.0.1/x', 'http://[::1]:1/x']) {
      expect([url, local.objectionTo(url)]).toEqual([url, undefined]);
    }
    expect(local.objectionTo('http://10.0.0.1/x')).toBe('must begin with https://');
    expect(local.objectionTo('https://10.0.0.1/x')).toMatch('must lead to a public address');
    expect(local.objectionTo('ftp://localhost/x')).toBe('must begin with https://');
  });
});
