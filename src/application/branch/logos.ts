/** Makes logos that every page, message and document can show. */
export abstract class Logos {
  /**
   * A PNG of at most 600 by 240 pixels as a data URL, made anew from the pixels of a PNG, JPEG, WebP or GIF: whatever else the file
   * held is gone. The same bytes give the same logo.
   * @throws DomainError `branch_detail_invalid` with `field` `logo` and `reason` for what is no picture, or one that is too large
   */
  abstract make(file: Buffer): Promise<string>;
}

/** A logo that came as a data URL, made anew like an uploaded one. */
export function madeAnew(logos: Logos, dataUrl: string): Promise<string> {
  return logos.make(Buffer.from(dataUrl.slice(dataUrl.indexOf(',') + 1), 'base64'));
}
