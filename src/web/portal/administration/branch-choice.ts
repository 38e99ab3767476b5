import { Injectable } from '@nestjs/common';
import type { Request } from 'express';
import { BranchList } from '../../../projections/branches.js';
import { ROLES, type Role } from '../../auth/rights.js';
import { mayUseBranch, type StaffCaller } from '../../auth/caller.js';
import { formText } from '../sign-in/form-text.js';

const PAGE = 200;
/** A list that nobody could read through. */
const MAX_BRANCHES = 1_000;

export interface BranchOption {
  readonly branchId: string;
  readonly name: string;
  readonly checked: boolean;
}

interface RoleOption {
  readonly role: Role;
  readonly label: string;
  readonly says: string;
  readonly checked: boolean;
}

const ROLE_WORDS: Readonly<Record<Role, { label: string; says: string }>> = {
  staff: { label: 'Staff', says: 'Invoices and their links, customers' },
  finance: { label: 'Finance', says: 'What staff may, and void, refund, reports' },
  auditor: { label: 'Auditor', says: 'Payments and what happened to them, read only' },
  admin: { label: 'Administrator', says: 'Everything, and this page' },
};

/** What a role is called. */
export function roleLabel(role: Role): string {
  return ROLE_WORDS[role].label;
}

/** Which rights somebody is given: a role, and every branch or some. */
export interface Grant {
  readonly role: Role;
  /** Absent: every branch. */
  readonly branchIds?: readonly string[];
}

/** A form that grants, as it was filled in. */
export interface GrantForm {
  readonly role: string;
  /** Nothing: every branch. */
  readonly branchIds: readonly string[] | null;
}

interface GrantView {
  readonly roles: readonly RoleOption[];
  readonly branches: readonly BranchOption[];
  readonly isScoped: boolean;
  readonly mayGrantAll: boolean;
}

/** Reads and shows who may do what where. Nobody hands out more than they hold. */
@Injectable()
export class Grants {
  constructor(private readonly branches: BranchList) {}

  /** What a form offers to this caller, with what was chosen in it. */
  async view(caller: StaffCaller, { role, branchIds }: GrantForm): Promise<GrantView> {
    return {
      roles: ROLES.map((each) => ({ role: each, ...ROLE_WORDS[each], checked: each === role })),
      branches: await this.options(caller, branchIds),
      isScoped: branchIds !== null || caller.branchIds !== undefined,
      mayGrantAll: caller.branchIds === undefined,
    };
  }

  async options(caller: StaffCaller, chosen: readonly string[] | null): Promise<readonly BranchOption[]> {
    const items: BranchOption[] = [];
    const { branchIds } = caller;
    for (let cursor: string | null = ''; cursor !== null && items.length < MAX_BRANCHES;) {
      const page: Awaited<ReturnType<BranchList['find']>> = await this.branches.find({
        limit: PAGE,
        ...(branchIds ? { branchIds } : {}),
        ...(cursor === '' ? {} : { cursor }),
      });
      items.push(
        ...page.items.map(({ branchId, name }) => ({ branchId, name, checked: chosen?.includes(branchId) ?? false })),
      );
      cursor = page.next;
    }
    return items;
  }

  /** What a form grants, or what is wrong with it in words. */
  async read(caller: StaffCaller, request: Request): Promise<Grant | string> {
    const role = ROLES.find((each) => each === formText(request, 'role'));
    if (role === undefined) return 'Choose a role.';
    if (formText(request, 'scope') !== 'some') {
      return caller.branchIds === undefined ? { role } : 'Choose branches: you may not give away all of them.';
    }
    const asked = chosenBranches(request);
    const known = new Set((await this.options(caller, null)).map(({ branchId }) => branchId));
    const branchIds = asked.filter((branchId) => known.has(branchId) && mayUseBranch(caller, branchId));
    return branchIds.length === 0 || branchIds.length < asked.length
      ? 'Choose one branch or more.'
      : { role, branchIds };
  }
}

/** The boxes that are ticked: one comes as a text, several as a list. */
export function chosenBranches(request: Request): readonly string[] {
  const body = request.body as Readonly<Record<string, unknown>> | undefined;
  const value = body?.['branchId'];
  const list: readonly unknown[] = Array.isArray(value) ? value : value === undefined ? [] : [value];
  return [...new Set(list.filter((each) => typeof each === 'string'))];
}
