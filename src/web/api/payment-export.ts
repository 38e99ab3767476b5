import { Readable } from 'node:stream';
import { Injectable, StreamableFile } from '@nestjs/common';
import { CommandBus } from '@nestjs/cqrs';
import { NoteExport } from '../../application/administration/note-export.js';
import type { CommandContext } from '../../application/command-context.js';
import { PaymentHistory, type PaymentRow } from '../../projections/payment-history.js';
import { given } from './given.js';
import { paymentsCsv } from './payments-csv.js';

type PaymentFilter = Parameters<PaymentHistory['stream']>[0];

/** Payments as a file, for the API and for the portal alike. */
@Injectable()
export class PaymentExport {
  constructor(
    private readonly payments: PaymentHistory,
    private readonly commands: CommandBus,
  ) {}

  /**
   * The first page is read before anything is answered, so that a database that is away is a 503; and that there was an export is
   * in the log before its first byte is sent. When the database goes away later, the connection breaks off: half a table must
   * not look whole.
   */
  async file(filter: PaymentFilter, context: CommandContext): Promise<StreamableFile> {
    const iterator = this.payments.stream(filter)[Symbol.asyncIterator]();
    const first = await iterator.next();
    const { q, ...rest } = filter;
    const rows = await this.payments.count(filter);
    const asked = given({ ...rest, searched: q === undefined ? undefined : (true as const) });
    await this.commands.execute(new NoteExport({ what: 'payments', filter: asked, rows }, context));
    const all = async function* (): AsyncGenerator<readonly PaymentRow[]> {
      for (let page = first; !page.done; page = await iterator.next()) yield page.value;
    };
    return new StreamableFile(Readable.from(paymentsCsv(all()), { objectMode: false }), {
      type: 'text/csv; charset=utf-8',
      disposition: 'attachment; filename="payments.csv"',
    });
  }
}
