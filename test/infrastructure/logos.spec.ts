/** Logos are made anew from pixels: what is no picture, or too much of one, is refused with a reason, and nothing else comes along. */
import { describe, expect, it } from '@jest/globals';
import { deflateSync } from 'node:zlib';
import sharp from 'sharp';
import { DomainError } from '../../src/domain/errors.js';
import { SharpLogos } from '../../src/infrastructure/images/sharp-logos.js';
import { readLogo } from '../../src/infrastructure/pdf/logo.js';

const logos = new SharpLogos();
const picture = (width: number, height: number) =>
  sharp({ create: { width, height, channels: 4, background: { r: 10, g: 90, b: 140, alpha: 0.8 } } });

function bytesOf(dataUrl: string): Buffer {
  return Buffer.from(dataUrl.replace('data:image/png;base64,', ''), 'base64');
}

async function reasonOf(file: Buffer): Promise<string> {
  try {
    await logos.make(file);
  } catch (error) {
    if (error instanceof DomainError) {
      expect(error.code).toBe('branch_detail_invalid');
      expect(error.details['field']).toBe('logo');
      return String(error.details['reason']);
    }
    throw error;
  }
  throw new Error('It was accepted');
}

/** A PNG whose header promises more than its few bytes hold. */
function pngOf(width: number, height: number, pixels: Buffer): Buffer {
  const chunk = (type: string, data: Buffer): Buffer => {
    const body = Buffer.concat([Buffer.from(type, 'latin1'), data]);
    const [length, check] = [Buffer.alloc(4), Buffer.alloc(4)];
    length.writeUInt32BE(data.length);
    check.writeUInt32BE(crc32(body));
    return Buffer.concat([length, body, check]);
  };
  const header = Buffer.alloc(13);
  header.writeUInt32BE(width, 0);
  header.writeUInt32BE(height, 4);
  header.set([8, 6, 0, 0, 0], 8);
  const signature = Buffer.from('89504e470d0a1a0a', 'hex');
  return Buffer.concat([
    signature,
    chunk('IHDR', header),
    chunk('IDAT', deflateSync(pixels)),
    chunk('IEND', Buffer.alloc(0)),
  ]);
}

function crc32(bytes: Buffer): number {
  let crc = 0xffffffff;
  for (const byte of bytes) {
    crc ^= byte;
    for (let bit = 0; bit < 8; bit += 1) crc = (crc >>> 1) ^ (crc & 1 ? 0xedb88320 : 0);
  }
  return (crc ^ 0xffffffff) >>> 0;
}

describe('logos', () => {
  it.each(['png', 'jpeg', 'webp', 'gif'] as const)(
    'makes a small PNG of a %s that every document takes',
    async (kind) => {
      const made = await logos.make(await picture(1_200, 300)[kind]().toBuffer());
      const { format, width, height } = await sharp(bytesOf(made)).metadata();
      expect({ format, width, height }).toEqual({ format: 'png', width: 600, height: 150 });
      expect(made.length).toBeLessThan(40_000);
      expect(readLogo(made)).toEqual(bytesOf(made));
    },
  );

  it('makes the same logo of the same bytes, and does not enlarge', async () => {
    const file = await picture(40, 40).png().toBuffer();
    const made = await logos.make(file);
    expect(await logos.make(file)).toBe(made);
    expect(await sharp(bytesOf(made)).metadata()).toMatchObject({ width: 40, height: 40 });
  });

  it('makes even noise small enough for an email', async () => {
    const noise = { type: 'gaussian', mean: 128, sigma: 60 } as const;
    const file = await sharp({ create: { width: 900, height: 360, channels: 3, background: '#000', noise } })
      .png()
      .toBuffer();
    expect((await logos.make(file)).length).toBeLessThan(40_000);
  });

  it('takes nothing along but pixels', async () => {
    const script = '<script>alert(1)</script>';
    const polyglot = Buffer.concat([
      await picture(60, 60)
        .withExif({ IFD0: { Copyright: script } })
        .jpeg()
        .toBuffer(),
      Buffer.from(`<html>${script}</html>PK\u0003\u0004`),
    ]);
    const made = bytesOf(await logos.make(polyglot)).toString('latin1');
    expect(made).not.toContain('script');
    expect(made).not.toContain('PK\u0003\u0004');
  });

  it.each([
    ['an SVG', '<svg xmlns="http://www.w3.org/2000/svg" onload="alert(1)"/>', 'SVG is not accepted'],
    ['an SVG behind a declaration', '<?xml version="1.0"?><svg/>', 'SVG is not accepted'],
    ['nothing', '', 'empty'],
    ['a PDF', '%PDF-1.7', 'no picture'],
    ['a page', 'hello', 'no picture'],
    ['a GIF that is a script', 'GIF89a/*<svg*/=1;alert(1)', 'damaged'],
  ])('refuses %s', async (_name, content, reason) => {
    expect(await reasonOf(Buffer.from(content))).toContain(reason);
  });

  it('refuses a picture that breaks off', async () => {
    const whole = await picture(300, 300).png({ compressionLevel: 0 }).toBuffer();
    expect(await reasonOf(whole.subarray(0, whole.length / 2))).toContain('damaged');
  });

  it.each([
    ['as wide as it is high', 60_000, 60_000],
    ['a long line', 4_000_000, 5],
  ])('refuses a bomb by its header, %s', async (_name, width, height) => {
    expect(await reasonOf(pngOf(width, height, Buffer.alloc(100_000)))).toContain('too many pixels');
  });
});
