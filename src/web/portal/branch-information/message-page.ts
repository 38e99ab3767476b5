import { Injectable } from '@nestjs/common';
import { QueryBus } from '@nestjs/cqrs';
import type { PartFields } from '../../../application/branch/branch-parts.js';
import type { Request, Response } from 'express';
import type { BranchView, Wording } from '../../../application/branch/branch-view.js';
import { PreviewMessage } from '../../../application/branch/preview-message.js';
import { standardWording } from '../../../application/branch/wording.js';
import { MessageTemplates, type RenderedMessage } from '../../../application/documents.js';
import { DomainError } from '../../../domain/errors.js';
import { InvoiceList } from '../../../projections/invoices.js';
import { id } from '../../api/schemas/values.js';
import { staffOf } from '../../auth/caller.js';
import { moneyWords } from '../portal-formats.js';
import { BranchPages, type NotSaved } from './branch-pages.js';
import { branchPath } from './branch-tabs.js';
import { refusalIn, type Mistakes, type Typed } from './form-fields.js';
import { MessageChanges } from './message-changes.js';
import {
  KIND_WORDS,
  LANGUAGE_WORDS,
  previewView,
  typedWording,
  wordingChoicesView,
  wordingFieldsView,
  wordingOf,
  type MessageChoice,
} from './wording-form.js';

const LATEST = 20;

export interface MessageForm extends MessageChoice {
  readonly typed?: Typed;
  /** What the preview is made on; absent: the branch's latest. */
  readonly invoiceId: string | undefined;
  readonly refused?: NotSaved | undefined;
  readonly said?: string;
  readonly phone?: string;
}

/** The page on which a message is worded. */
@Injectable()
export class MessagePage {
  constructor(
    private readonly queries: QueryBus,
    private readonly templates: MessageTemplates,
    private readonly invoices: InvoiceList,
    private readonly changes: MessageChanges,
    private readonly pages: BranchPages,
  ) {}

  async render(request: Request, response: Response, branch: BranchView, form: MessageForm): Promise<void> {
    const { kind, language, refused } = form;
    const { branchId } = branch;
    const own = branch.messages[kind];
    const inUse = own[language] ?? standardWording(branch, { kind, language }, this.templates);
    const typed = form.typed ?? typedWording(inUse);
    const invoices = await this.invoiceChoices(branchId, form.invoiceId);
    const invoiceId = invoices.find(({ selected }) => selected)?.invoiceId;
    const { message, mistakes } = await this.preview(branchId, { ...form, invoiceId }, typed);
    const path = `${branchPath(branchId)}/messages/${kind}`;
    await this.pages.render(request, response, branch, {
      tab: 'messages',
      title: KIND_WORDS[kind].label,
      template: 'message',
      script: 'portal-branch-message.js',
      refused,
      view: {
        ...wordingFieldsView(kind, typed, { ...(form.typed ? mistakes : {}), ...refused?.mistakes }),
        ...wordingChoicesView(branchId, kind, language, Object.keys(own)),
        ...{ kind, language, messagePath: path, says: KIND_WORDS[kind].says },
        languageWord: LANGUAGE_WORDS[language],
        isCustom: own[language] !== undefined,
        invoices,
        preview: previewView(message, branch.details.name),
        said: form.said,
        isTyped: form.typed !== undefined,
        frame: `${path}/email.html?language=${language}&invoiceId=${invoiceId ?? EXAMPLE}`,
        testMistake: refused?.mistakes['to'],
        isExample: invoiceId === undefined,
        email: staffOf(request).email,
        phone: form.phone ?? '',
        changes: await this.changes.views(branch, { kind, language }),
      },
    });
  }

  /** Words as the form has them; what a branch has not worded has the default ones. */
  typedOf(branch: BranchView, choice: MessageChoice, fields: PartFields): Typed {
    const standard = typedWording(standardWording(branch, choice, this.templates));
    return Object.fromEntries(
      Object.entries(standard).map(([part, text]) => {
        const own = fields[part];
        return [part, typeof own === 'string' ? own : text];
      }),
    );
  }

  /** The message with the words as they were typed, or what is wrong with them. */
  async preview(
    branchId: string,
    { kind, language, invoiceId }: MessageChoice & { readonly invoiceId: string | undefined },
    typed: Typed,
  ): Promise<{ readonly message: RenderedMessage | undefined; readonly mistakes: Mistakes }> {
    const words = wordingOf(typed);
    if ('mistakes' in words) return { message: undefined, mistakes: words.mistakes };
    return this.rendered({ branchId, kind, language, invoiceId, message: words.value });
  }

  /** The message with the words in use. */
  async previewInUse(
    branch: BranchView,
    choice: MessageChoice & { readonly invoiceId: string | undefined },
  ): Promise<RenderedMessage | undefined> {
    const message = branch.messages[choice.kind][choice.language] ?? standardWording(branch, choice, this.templates);
    return (await this.rendered({ branchId: branch.branchId, ...choice, message })).message;
  }

  private async rendered(
    input: PreviewMessage['input'] & { readonly message: Wording },
  ): Promise<{ readonly message: RenderedMessage | undefined; readonly mistakes: Mistakes }> {
    try {
      return { message: await this.queries.execute(new PreviewMessage(input)), mistakes: {} };
    } catch (error) {
      if (error instanceof DomainError && error.code === 'invoice_not_found') {
        return this.rendered({ ...input, invoiceId: undefined });
      }
      return { message: undefined, mistakes: refusalIn(error) };
    }
  }

  private async invoiceChoices(branchId: string, chosen: string | undefined) {
    const { items } = await this.invoices.find({ branchIds: [branchId], limit: LATEST });
    const known = items.some(({ invoiceId }) => invoiceId === chosen);
    return items.map(({ invoiceId, number, customerName, balanceMinor, currency }, index) => ({
      invoiceId,
      words: `${number} · ${customerName} · ${moneyWords(balanceMinor, currency)} due`,
      selected: known ? invoiceId === chosen : chosen !== EXAMPLE && index === 0,
    }));
  }
}

/** What the choice of an invoice says where none is wanted. */
export const EXAMPLE = 'example';

/** The invoice that a form names, if it names one. */
export function invoiceChoice(value: unknown): string | undefined {
  if (value === EXAMPLE) return EXAMPLE;
  const parsed = id.safeParse(value);
  return parsed.success ? parsed.data : undefined;
}
