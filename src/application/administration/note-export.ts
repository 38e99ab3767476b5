import { Command, CommandHandler, type ICommandHandler } from '@nestjs/cqrs';
import { administrationDecider } from '../../domain/administration/decider.js';
import type { ExportMade } from '../../domain/administration/exports.js';
import type { CommandContext } from '../command-context.js';
import { Execute } from '../execute.js';
import { ADMINISTRATION_STREAM } from '../ids.js';
import { Randomness } from '../ports.js';

/** Writes down that somebody takes rows out of the ledger, before they get the first of them. */
export class NoteExport extends Command<void> {
  constructor(
    readonly input: Omit<ExportMade['data'], 'exportId'>,
    readonly context: CommandContext,
  ) {
    super();
  }
}

@CommandHandler(NoteExport)
export class NoteExportHandler implements ICommandHandler<NoteExport> {
  constructor(
    private readonly executor: Execute,
    private readonly randomness: Randomness,
  ) {}

  async execute({ input, context }: NoteExport): Promise<void> {
    await this.executor.run({
      decider: administrationDecider,
      stream: ADMINISTRATION_STREAM,
      command: { type: 'NoteExport', data: { exportId: this.randomness.uuid(), ...input } },
      context,
    });
  }
}
