import sharp from 'sharp';
import { Logos } from '../../application/branch/logos.js';
import { DomainError } from '../../domain/errors.js';

const WIDTH = 600;
const HEIGHT = 240;
/** A picture of a few kilobytes can unfold to gigabytes; its header says so before it is unfolded. */
const MAX_PIXELS = 40_000_000;
const MAX_SIDE = 20_000;
const DECODE_SECONDS = 10;
/** As a data URL a logo goes out with every email, and mail programs cut off what is long: 40,000 characters leave room. */
const MAX_BYTES = 29_000;
/** Each with fewer colours or pixels than the one before, until it is small enough. */
const TRIES = [
  { colours: undefined, scale: 1 },
  { colours: 256, scale: 1 },
  { colours: 64, scale: 1 },
  { colours: 64, scale: 0.6 },
  { colours: 32, scale: 0.35 },
] as const;

const KINDS: readonly { readonly name: string; readonly matches: (file: Buffer) => boolean }[] = [
  { name: 'png', matches: (file) => file.subarray(0, 8).toString('hex') === '89504e470d0a1a0a' },
  { name: 'jpeg', matches: (file) => file.subarray(0, 3).toString('hex') === 'ffd8ff' },
  { name: 'gif', matches: (file) => /^GIF8[79]a/.test(file.toString('latin1', 0, 6)) },
  {
    name: 'webp',
    matches: (file) => file.toString('latin1', 0, 4) === 'RIFF' && file.toString('latin1', 8, 12) === 'WEBP',
  },
];

/** Logos through libvips, which sees only files whose first bytes are those of the four kinds of picture. */
export class SharpLogos extends Logos {
  async make(file: Buffer): Promise<string> {
    const kind = KINDS.find(({ matches }) => matches(file))?.name;
    if (kind === undefined) throw refused(reasonFor(file));
    const options = { limitInputPixels: MAX_PIXELS, failOn: 'error', animated: false, sequentialRead: true } as const;
    try {
      const { width = 0, height = 0, format } = await sharp(file, options).metadata();
      if (format !== kind) throw refused('The file is not the kind of picture that it begins as.');
      if (width > MAX_SIDE || height > MAX_SIDE || width * height > MAX_PIXELS) throw tooManyPixels();
      return await smallEnough(file, options);
    } catch (error) {
      throw error instanceof DomainError ? error : described(error);
    }
  }
}

async function smallEnough(file: Buffer, options: sharp.SharpOptions): Promise<string> {
  for (const { colours, scale } of TRIES) {
    const png = await sharp(file, options)
      .timeout({ seconds: DECODE_SECONDS })
      .autoOrient()
      .resize(Math.round(WIDTH * scale), Math.round(HEIGHT * scale), { fit: 'inside', withoutEnlargement: true })
      .toColourspace('srgb')
      .png({
        compressionLevel: 9,
        progressive: false,
        ...(colours === undefined ? {} : { palette: true, colours, dither: 0.5, effort: 2 }),
      })
      .toBuffer();
    if (png.length <= MAX_BYTES) return `data:image/png;base64,${png.toString('base64')}`;
  }
  throw refused('Even made smaller the picture is too large. Use one with fewer colours, without a photograph in it.');
}

function reasonFor(file: Buffer): string {
  if (file.length === 0) return 'The file is empty.';
  if (/<svg|<\?xml|<!doctype/i.test(file.toString('latin1', 0, 1_000))) {
    return 'SVG is not accepted, since it can hold scripts. Save the logo as PNG.';
  }
  return 'The file is no picture of a kind that is accepted. Use PNG, JPEG, WebP or GIF.';
}

/** What libvips says is for its own log: of its words only whether the size was the matter is told. */
function described(error: unknown): DomainError {
  const words = error instanceof Error ? error.message : '';
  if (/pixel limit|too large|exceeds/i.test(words)) return tooManyPixels();
  if (/timeout|cancell?ed/i.test(words))
    return refused('The picture takes too long to read. Save it anew and try again.');
  return refused('The picture is damaged: it cannot be read to its end. Save it anew and try again.');
}

function tooManyPixels(): DomainError {
  return refused(`The picture has too many pixels. Use one of at most ${MAX_PIXELS / 1_000_000} million.`);
}

function refused(reason: string): DomainError {
  return new DomainError('branch_detail_invalid', { field: 'logo', reason });
}
