/** A branch's logo, judged before pdfkit sees it: pdfkit throws out of a callback on a broken image, which ends the process. */
import { inflateSync } from 'node:zlib';

const MAX_PIXELS = 4_000_000;
const MAX_KEPT = 64;
const PNG_SIGNATURE = Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]);
/** Bytes of a pixel at eight bits, by PNG colour type. */
const PNG_CHANNELS: Readonly<Record<number, number>> = { 0: 1, 2: 3, 3: 1, 4: 2, 6: 4 };

const judged = new Map<string, Buffer | undefined>();

/** The bytes of a sound PNG or JPEG, or `undefined`: a document without its logo is better than none. */
export function readLogo(dataUrl: string | undefined): Buffer | undefined {
  if (dataUrl === undefined) {
    return undefined;
  }
  if (!judged.has(dataUrl)) {
    judged.set(dataUrl, judge(dataUrl));
    if (judged.size > MAX_KEPT) {
      judged.delete(judged.keys().next().value!);
    }
  }
  return judged.get(dataUrl);
}

function judge(dataUrl: string): Buffer | undefined {
  const match = /^data:image\/(?:png|jpeg);base64,([A-Za-z0-9+/=\s]+)$/.exec(dataUrl);
  if (!match) {
    return undefined;
  }
  const bytes = Buffer.from(match[1]!, 'base64');
  return isSoundPng(bytes) || isSoundJpeg(bytes) ? bytes : undefined;
}

/** Walks the chunks and inflates the pixels once: not one byte more or less than the header promises. */
function isSoundPng(bytes: Buffer): boolean {
  if (!bytes.subarray(0, 8).equals(PNG_SIGNATURE) || bytes.toString('latin1', 12, 16) !== 'IHDR' || bytes.length < 45) {
    return false;
  }
  const [width, height] = [bytes.readUInt32BE(16), bytes.readUInt32BE(20)];
  const [depth, colourType, interlaced] = [bytes[24]!, bytes[25]!, bytes[28]!];
  const channels = PNG_CHANNELS[colourType];
  if (channels === undefined || ![1, 2, 4, 8, 16].includes(depth) || interlaced !== 0 || !isFair(width, height)) {
    return false;
  }
  const data: Buffer[] = [];
  let palette = false;
  let offset = 8;
  let ended = false;
  while (offset + 12 <= bytes.length && !ended) {
    const length = bytes.readUInt32BE(offset);
    const type = bytes.toString('latin1', offset + 4, offset + 8);
    if (offset + 12 + length > bytes.length) {
      return false;
    }
    if (type === 'IDAT') {
      data.push(bytes.subarray(offset + 8, offset + 8 + length));
    }
    palette ||= type === 'PLTE' && length > 0 && length % 3 === 0;
    ended = type === 'IEND';
    offset += 12 + length;
  }
  const rowBytes = 1 + Math.ceil((width * channels * depth) / 8);
  return ended && (colourType !== 3 || palette) && inflatesTo(Buffer.concat(data), rowBytes, height);
}

function inflatesTo(compressed: Buffer, rowBytes: number, rows: number): boolean {
  try {
    const pixels = inflateSync(compressed, { maxOutputLength: rowBytes * rows });
    // Each row begins with the number of its filter, of which there are five.
    return (
      pixels.length === rowBytes * rows &&
      Array.from({ length: rows }, (_, row) => pixels[row * rowBytes]!).every((filter) => filter <= 4)
    );
  } catch {
    return false;
  }
}

/** Finds the frame header (SOF0 to SOF2, what viewers of PDF decode) behind whole segments. */
function isSoundJpeg(bytes: Buffer): boolean {
  if (bytes.length < 4 || bytes.readUInt16BE(0) !== 0xffd8) {
    return false;
  }
  let offset = 2;
  while (offset + 10 <= bytes.length && bytes[offset] === 0xff) {
    const marker = bytes[offset + 1]!;
    if (marker >= 0xc0 && marker <= 0xc2) {
      const channels = bytes[offset + 9]!;
      return (
        bytes[offset + 4] === 8 &&
        [1, 3, 4].includes(channels) &&
        isFair(bytes.readUInt16BE(offset + 7), bytes.readUInt16BE(offset + 5))
      );
    }
    offset += 2 + bytes.readUInt16BE(offset + 2);
  }
  return false;
}

function isFair(width: number, height: number): boolean {
  return width > 0 && height > 0 && width * height <= MAX_PIXELS;
}
