import { Injectable } from '@nestjs/common';
import type { InvoiceDocument } from '../../application/documents.js';
import type { Words } from '../../application/words/words.js';
import { accentFor, type LightAndDark } from '../accent.js';
import { AssetStore } from '../asset-store.js';

/** What a branch shows of itself on every page. */
export type Branch = InvoiceDocument['branch'];

/** What the layout around every page needs. */
export interface PageFrame {
  readonly title: string;
  readonly nonce: string;
  readonly text: Words;
  readonly stylesheet: string;
  readonly font: string;
  readonly icon: string;
  /** The page's own script, and the card processor's where a card can be entered. */
  readonly script: string | undefined;
  readonly processorScript: string | undefined;
  readonly accent: LightAndDark | undefined;
  readonly testMode: boolean;
  readonly footer: string | undefined;
  /** Where the branch's terms and its word on privacy are. */
  readonly legal: readonly { readonly href: string; readonly word: string }[];
  readonly bodyClass: string;
}

export interface FrameChoices {
  readonly title: string;
  readonly nonce: string;
  readonly text: Words;
  readonly branch?: Branch | undefined;
  readonly testMode?: boolean;
  readonly script?: string;
  readonly processorScript?: string | undefined;
  readonly bodyClass?: string;
}

/** A branch's name, and where its logo is served from: a page may load pictures of this service alone. */
export interface BrandView {
  readonly name: string;
  readonly logo: string | undefined;
}

export interface ContactView {
  readonly lead: string;
  readonly telephone: string | undefined;
  readonly telephoneHref: string | undefined;
  readonly telephoneLabel: string | undefined;
  readonly email: string | undefined;
  readonly emailHref: string | undefined;
  readonly emailLabel: string | undefined;
}

@Injectable()
export class PageFrames {
  private readonly grounds: readonly LightAndDark[];

  constructor(private readonly assets: AssetStore) {
    this.grounds = [assets.colour('surface'), assets.colour('raised')];
  }

  frame(choices: FrameChoices): PageFrame {
    return {
      title: choices.title,
      nonce: choices.nonce,
      text: choices.text,
      stylesheet: this.assets.path('site.css'),
      font: this.assets.path('inter-latin.woff2'),
      icon: this.assets.path('icon.svg'),
      script: choices.script === undefined ? undefined : this.assets.path(choices.script),
      processorScript: choices.processorScript,
      accent: accentFor(choices.branch?.colour, this.grounds),
      testMode: choices.testMode ?? false,
      footer: choices.branch && choices.text.footer({ branch: choices.branch.name }),
      legal: legalLinks(choices),
      bodyClass: choices.bodyClass ?? '',
    };
  }
}

function legalLinks({ branch, text }: FrameChoices): PageFrame['legal'] {
  const { privacyUrl, termsUrl } = branch ?? {};
  return [
    ...(privacyUrl === undefined ? [] : [{ href: privacyUrl, word: text.privacy }]),
    ...(termsUrl === undefined ? [] : [{ href: termsUrl, word: text.terms }]),
  ];
}

export function brandView(branch: Branch, logoHref: string): BrandView {
  return { name: branch.name, logo: branch.logo === undefined ? undefined : logoHref };
}

/** How to reach the branch; `undefined` where it left neither a telephone number nor an address. */
export function contactView(branch: Branch, text: Words): ContactView | undefined {
  const { telephone, replyTo } = branch;
  if (telephone === undefined && replyTo === undefined) return undefined;
  return {
    lead: text.contact({ branch: branch.name }),
    telephone,
    telephoneHref: telephone && `tel:${telephone.replace(/[^+\d]/g, '')}`,
    telephoneLabel: telephone && text.callLabel({ number: telephone }),
    email: replyTo,
    emailHref: replyTo && `mailto:${encodeURIComponent(replyTo).replace('%40', '@')}`,
    emailLabel: replyTo && text.writeLabel({ address: replyTo }),
  };
}
