/** What an email to an address that is kept for trying things out meets. */
export type MagicMailbox = 'bounce' | 'full' | 'greylist' | 'busy' | 'slow' | 'error' | 'lost';

const MAGIC = /^(bounce|full|greylist|busy|slow|error|lost)(?:\+[^@]*)?@/i;

/** By the local part alone, or with a tag behind it: `bounce@…`, `bounce+17@…`. */
export function magicMailboxOf(address: string): MagicMailbox | undefined {
  return MAGIC.exec(address)?.[1]?.toLowerCase() as MagicMailbox | undefined;
}
