import { Module } from '@nestjs/common';
import { InvoiceChanges } from './invoice-changes.js';
import { LiveStreams } from './live-streams.js';

/** One for the whole process, so that its end reaches every stream. */
@Module({ providers: [LiveStreams, InvoiceChanges], exports: [LiveStreams, InvoiceChanges] })
export class LiveModule {}
