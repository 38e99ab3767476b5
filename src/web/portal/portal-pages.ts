import { Injectable } from '@nestjs/common';
import type { Request, Response } from 'express';
import { CardProcessor, Randomness } from '../../application/ports.js';
import { BranchSetups } from '../../projections/branch-setups.js';
import { BranchList } from '../../projections/branches.js';
import { AssetStore } from '../asset-store.js';
import { staffOf, type StaffCaller } from '../auth/caller.js';
import { hasRight } from '../auth/rights.js';
import { setPrivateHeaders } from '../pay/page-headers.js';
import { Views } from '../views.js';
import { placesFor, type PlaceView } from './navigation.js';

const NONCE_BYTES = 18;
/** A select with more branches than this would help nobody. */
const MAX_BRANCHES = 200;

/** A page of the portal: its template, what the template shows as `view`, and the script that helps it along. */
export interface PortalPage {
  readonly title: string;
  readonly template: string;
  readonly view: unknown;
  readonly status?: number;
  /** The name of an asset. */
  readonly script?: string;
}

interface BranchChoice {
  readonly branchId: string;
  readonly name: string;
  readonly selected: boolean;
}

interface Field {
  readonly name: string;
  readonly value: string;
}

interface SetupHint {
  readonly href: string;
  readonly words: string;
}

/** What the layout around every page shows of who is signed in; absent on pages of the signed-out. */
interface Person {
  readonly name: string;
  readonly email: string;
  readonly role: string;
  readonly csrf: string;
  readonly places: readonly PlaceView[];
  /** Empty where there is nothing to choose between. */
  readonly branches: readonly BranchChoice[];
  readonly everyBranch: boolean;
  /** A branch that is not set up to its end, for who can change that. */
  readonly setup: SetupHint | undefined;
  /** What else the address says, so that another branch is looked at in the same way. */
  readonly kept: readonly Field[];
}

/** Answers requests of staff with pages of one look. */
@Injectable()
export class PortalPages {
  constructor(
    private readonly views: Views,
    private readonly assets: AssetStore,
    private readonly branches: BranchList,
    private readonly setups: BranchSetups,
    private readonly processor: CardProcessor,
    private readonly randomness: Randomness,
  ) {}

  /** A page within the portal: the rail, who is signed in, the branch that was chosen. */
  async render(request: Request, response: Response, page: PortalPage): Promise<void> {
    this.send(response, page, await this.person(request));
  }

  /** A page for whoever it is, signed in or not: without the rail. */
  renderBare(response: Response, page: PortalPage): void {
    this.send(response, page, undefined);
  }

  /** A part of a page, which its script puts into place. `view` is what the whole page would have under that name. */
  renderFragment(response: Response, fragment: { readonly template: string; readonly view: unknown }): void {
    setPrivateHeaders(response);
    response.type('html').send(this.views.render(fragment.template, { view: fragment.view }));
  }

  private send(response: Response, page: PortalPage, person: Person | undefined): void {
    const nonce = this.randomness.bytes(NONCE_BYTES).toString('base64');
    const frame = {
      title: page.title,
      nonce,
      person,
      stylesheet: this.assets.path('staff.css'),
      font: this.assets.path('inter-latin.woff2'),
      icon: this.assets.path('icon.svg'),
      script: page.script === undefined ? undefined : this.assets.path(page.script),
      shellScript: this.assets.path('portal-shell.js'),
      testMode: this.processor.testMode,
    };
    const html = this.views.render(page.template, { frame, view: page.view });
    setPrivateHeaders(response);
    response
      .status(page.status ?? 200)
      .set('Content-Security-Policy', policy(nonce))
      .type('html')
      .send(html);
  }

  private async person(request: Request): Promise<Person> {
    const caller = staffOf(request);
    const chosen = typeof request.query['branchId'] === 'string' ? request.query['branchId'] : undefined;
    const branches = await this.choices(caller, chosen);
    const known = branches.some(({ selected }) => selected) ? chosen : undefined;
    return {
      name: caller.name,
      email: caller.email,
      role: caller.role,
      csrf: caller.csrf,
      places: placesFor(caller.role, request.path, known),
      branches: branches.length > 1 ? branches : [],
      everyBranch: known === undefined,
      setup: await this.setupHint(caller, branches),
      kept: keptFields(request),
    };
  }

  /** Of the branch that is looked at, be it the only one. */
  private async setupHint(caller: StaffCaller, branches: readonly BranchChoice[]): Promise<SetupHint | undefined> {
    const branch = branches.find(({ selected }) => selected) ?? (branches.length === 1 ? branches[0] : undefined);
    if (!branch || !hasRight(caller.role, 'administer')) return undefined;
    const setup = await this.setups.of(branch.branchId);
    if (!setup) return undefined;
    const steps = Object.values(setup) as readonly boolean[];
    const done = steps.filter((isDone) => isDone).length;
    if (done === steps.length) return undefined;
    return { href: `/staff/branches/${branch.branchId}`, words: `${branch.name}: ${done} of ${steps.length} set up` };
  }

  private async choices(caller: StaffCaller, chosen: string | undefined): Promise<readonly BranchChoice[]> {
    const { branchIds } = caller;
    const { items } = await this.branches.find({ limit: MAX_BRANCHES, ...(branchIds ? { branchIds } : {}) });
    return items.map(({ branchId, name }) => ({ branchId, name, selected: branchId === chosen }));
  }
}

/** Fields that belong to one branch or one page of a list, and would mean nothing for another branch. */
const NOT_KEPT = new Set(['branchId', 'cursor', 'after']);

function keptFields({ query }: Request): readonly Field[] {
  return Object.entries(query).flatMap(([name, value]) =>
    typeof value === 'string' && value !== '' && !NOT_KEPT.has(name) ? [{ name, value }] : [],
  );
}

/** Frames are previews of messages from this service; pictures may be in the page itself, as the code for a telephone is. */
function policy(nonce: string): string {
  return [
    "default-src 'none'",
    `script-src 'nonce-${nonce}'`,
    "connect-src 'self'",
    `style-src 'self' 'nonce-${nonce}'`,
    "img-src 'self' data:",
    "font-src 'self'",
    "frame-src 'self'",
    "frame-ancestors 'none'",
    "form-action 'self'",
    "base-uri 'none'",
  ].join('; ');
}
