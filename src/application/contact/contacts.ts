/** What is known of addresses, from their own streams: as they are now, never behind. */
import { Injectable } from '@nestjs/common';
import { contactDecider, type ContactCommand, type ContactState } from '../../domain/contact/decider.js';
import type { ContactEvent } from '../../domain/contact/events.js';
import type { RecordedEvent } from '../../domain/decider.js';
import type { CommandContext } from '../command-context.js';
import { Execute } from '../execute.js';
import { contactStream } from '../ids.js';
import { ContactDigest } from '../ports.js';

export interface KnownContact extends ContactState {
  /** Since when somebody vouches for the consent to texts, and who: `staff`, `api`, or the customer's own `keyword`. */
  readonly consent: { readonly at: string; readonly how: 'staff' | 'api' | 'keyword' } | undefined;
}

@Injectable()
export class Contacts {
  constructor(
    private readonly executor: Execute,
    private readonly digest: ContactDigest,
  ) {}

  /** @param address normalised: E.164, or an email address as `normaliseEmail` answers it */
  async of(address: string): Promise<ContactState> {
    return (await this.executor.load(contactDecider, this.streamOf(address))).state;
  }

  /** As `of`, with how the consent came about. */
  async known(address: string): Promise<KnownContact> {
    const { state, events } = await this.executor.load(contactDecider, this.streamOf(address));
    return { ...state, consent: consentIn(events) };
  }

  /** @throws DomainError `contact_opted_out` for a consent that a STOP stands against. */
  async record(address: string, command: ContactCommand, context: CommandContext): Promise<{ position: bigint }> {
    const { position } = await this.executor.run({
      decider: contactDecider,
      stream: this.streamOf(address),
      command,
      context,
    });
    return { position };
  }

  /** By which lists and tables name the address. */
  digestOf(address: string): string {
    return this.digest.of(address);
  }

  private streamOf(address: string): string {
    return contactStream(this.digestOf(address));
  }
}

function consentIn(events: readonly RecordedEvent<ContactEvent>[]): KnownContact['consent'] {
  for (const { event } of [...events].reverse()) {
    if (event.type === 'ContactTextConsentRecorded') return { at: event.data.at, how: event.data.how };
    if (event.type === 'ContactOptedIn') return { at: event.data.at, how: event.data.source };
  }
  return undefined;
}
