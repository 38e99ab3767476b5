/** Administrators at the pages of *Company/Branch information*, and branches for them. */
import { CommandBus, QueryBus } from '@nestjs/cqrs';
import { GetBranch } from '../../src/application/branch/get-branch.js';
import { RegisterBranch } from '../../src/application/branch/register-branch.js';
import type { BranchView } from '../../src/application/branch/branch-view.js';
import type { Role } from '../../src/web/auth/rights.js';
import { enrol, invite, PASSWORD } from './staff-members.js';
import { hidden, startStaffWorld, type Browser, type StaffWorld } from './staff-world.js';

/** Words of a message that can be saved. */
export const WORDS = {
  'email.subject': 'Invoice {{invoiceNumber}}',
  'email.body': 'Dear {{customerName}},\r\n\r\n{{link}}',
  'sms.body': '{{branchName}}: {{link}}',
};

export class BranchDesk {
  private made = 0;

  private constructor(
    readonly world: StaffWorld,
    /** Signed in, with a second factor that was given just now. */
    readonly admin: Browser,
  ) {}

  static async start(): Promise<BranchDesk> {
    const world = await startStaffWorld();
    return new BranchDesk(world, await someone(world, 'admin@example.com', 'admin'));
  }

  someone(role: Role, branchIds?: readonly string[]): Promise<Browser> {
    return someone(this.world, `${role}-${(this.made += 1)}@example.com`, role, branchIds);
  }

  async branch(more: Readonly<Record<string, string>> = {}): Promise<string> {
    const place = { timeZone: 'America/New_York', currency: 'USD', locale: 'en-US', country: 'US', region: 'TX' };
    const command = new RegisterBranch({ details: { name: 'Main Street', ...place, ...more } }, this.context());
    const { branch } = await this.world.app.get(CommandBus).execute(command);
    await this.world.catchUp();
    return branch.branchId;
  }

  read(branchId: string): Promise<BranchView> {
    return this.world.app.get(QueryBus).execute(new GetBranch({ branchId }));
  }

  context() {
    return { actor: 'system:tests', cause: `desk-${(this.made += 1)}`, correlationId: 'tests' };
  }

  /** What a form of the page carries besides what is typed. */
  async open(path: string, browser = this.admin) {
    const { text } = await browser.get(path).expect(200);
    return { _csrf: hidden(text, '_csrf'), cause: hidden(text, 'cause'), revision: hidden(text, 'revision') };
  }
}

/** What is said beside a field. */
export function mistakeAt(html: string, field: string): string | undefined {
  return new RegExp(`id="f-${field.replace('.', '\\.')}-error">([^<]*)<`).exec(html)?.[1];
}

async function someone(world: StaffWorld, email: string, role: Role, branchIds?: readonly string[]): Promise<Browser> {
  const browser = world.browser();
  await browser.post(await invite(world, email, role, branchIds), { password: PASSWORD, again: PASSWORD }).expect(303);
  await enrol(world, browser);
  return browser;
}
