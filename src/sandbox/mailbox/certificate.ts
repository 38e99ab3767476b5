import { generateKeyPairSync, randomBytes, sign } from 'node:crypto';
import type { Handler } from '../handler.js';

export interface SelfMadeCertificate {
  readonly key: string;
  readonly cert: string;
}

const DAY_MS = 86_400_000;
const LIFETIME_DAYS = 3650;

/** Tags of the types of ASN.1 that a certificate is made of. */
const [INTEGER, BIT_STRING, OCTET_STRING, OID, UTF8, UTC_TIME, SEQUENCE, SET] = [2, 3, 4, 6, 12, 23, 48, 49];
const [VERSION, EXTENSIONS] = [0xa0, 0xa3];
const [DNS_NAME, IP_ADDRESS] = [0x82, 0x87];

const COMMON_NAME = '550403';
const SUBJECT_ALTERNATIVE_NAME = '551d11';
const ECDSA_WITH_SHA256 = '2a8648ce3d040302';

/** A certificate for this machine that nobody vouches for, with its key, both as PEM. Node can read those, not make them. */
export function makeCertificate(now: Date): SelfMadeCertificate {
  const { publicKey, privateKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
  const algorithm = der(SEQUENCE, der(OID, hex(ECDSA_WITH_SHA256)));
  const name = der(
    SEQUENCE,
    der(SET, der(SEQUENCE, der(OID, hex(COMMON_NAME)), der(UTF8, Buffer.from('Paylink sandbox')))),
  );
  const hosts = der(SEQUENCE, der(DNS_NAME, Buffer.from('localhost')), der(IP_ADDRESS, Buffer.from([127, 0, 0, 1])));
  const serial = randomBytes(12);
  // A leading bit would make the number negative, and leading zeros are not allowed.
  serial[0] = 0x40 | ((serial[0] ?? 0) & 0x3f);
  const content = der(
    SEQUENCE,
    der(VERSION, der(INTEGER, Buffer.from([2]))),
    der(INTEGER, serial),
    algorithm,
    name,
    der(SEQUENCE, utcTime(now.getTime() - DAY_MS), utcTime(now.getTime() + LIFETIME_DAYS * DAY_MS)),
    name,
    publicKey.export({ type: 'spki', format: 'der' }),
    der(EXTENSIONS, der(SEQUENCE, der(SEQUENCE, der(OID, hex(SUBJECT_ALTERNATIVE_NAME)), der(OCTET_STRING, hosts)))),
  );
  const signature = sign('sha256', content, privateKey);
  const certificate = der(SEQUENCE, content, algorithm, der(BIT_STRING, Buffer.from([0]), signature));
  const lines = certificate.toString('base64').match(/.{1,64}/g) ?? [];
  return {
    key: privateKey.export({ type: 'pkcs8', format: 'pem' }).toString(),
    cert: ['-----BEGIN CERTIFICATE-----', ...lines, '-----END CERTIFICATE-----', ''].join('\n'),
  };
}

/** `GET /sandbox/smtp/certificate`, for a client that is to trust the mail server. */
export function certificateHandler({ cert }: SelfMadeCertificate): Handler {
  return (request, response, url) => {
    if (url.pathname !== '/sandbox/smtp/certificate' || request.method !== 'GET') return Promise.resolve(false);
    response.writeHead(200, { 'content-type': 'application/x-pem-file', 'cache-control': 'no-store' });
    response.end(cert);
    return Promise.resolve(true);
  };
}

function hex(text: string): Buffer {
  return Buffer.from(text, 'hex');
}

/** A value of ASN.1: its tag, its length, its content. */
function der(tag: number, ...parts: readonly Buffer[]): Buffer {
  const content = Buffer.concat(parts);
  const { length } = content;
  const size = length < 0x80 ? [length] : length < 0x100 ? [0x81, length] : [0x82, length >> 8, length & 0xff];
  return Buffer.concat([Buffer.from([tag, ...size]), content]);
}

/** `YYMMDDHHMMSSZ`, which is how times before 2050 are written. */
function utcTime(at: number): Buffer {
  const digits = new Date(at).toISOString().replace(/\D/g, '').slice(2, 14);
  return der(UTC_TIME, Buffer.from(`${digits}Z`));
}
