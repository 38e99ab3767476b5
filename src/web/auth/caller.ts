import type { IncomingMessage } from 'node:http';
import { createParamDecorator } from '@nestjs/common';
import type { ExecutionContext } from '@nestjs/common';
import { HttpProblem } from '../http-problem.js';
import type { Role } from './rights.js';

interface AnyCaller {
  /** The key's id, `admin` for the one of the environment; of somebody who signed in, the user's. */
  readonly keyId: string;
  readonly role: Role;
  /** Absent: every branch. */
  readonly branchIds?: readonly string[];
}

/** Whoever holds the API key of a request. */
interface KeyCaller extends AnyCaller {
  readonly kind: 'key';
}

/** Somebody who signed in to the portal. */
export interface StaffCaller extends AnyCaller {
  readonly kind: 'user';
  readonly name: string;
  readonly email: string;
  /** What every state change of this session has to carry, as `_csrf` in a form or in the header `X-CSRF-Token`. */
  readonly csrf: string;
}

export type Caller = KeyCaller | StaffCaller;

const callers = new WeakMap<IncomingMessage, Caller>();

/** Called by the guard alone, once the key has proved itself. */
export function rememberCaller(request: IncomingMessage, caller: Caller): void {
  callers.set(request, caller);
}

/** @throws Error on a route without the guard: a mistake of ours that must not pass for an anonymous caller. */
export function callerOf(request: IncomingMessage): Caller {
  const caller = callers.get(request);
  if (!caller) throw new Error('The route asks who calls, and no guard has found out.');
  return caller;
}

/** Who signed in. @throws Error on a route that keys of the API reach */
export function staffOf(request: IncomingMessage): StaffCaller {
  const caller = callerOf(request);
  if (caller.kind !== 'user') throw new Error('The page asks who signed in, and its guard lets keys of the API in.');
  return caller;
}

/** The caller as a parameter of a route. */
export const CurrentCaller = createParamDecorator((_: unknown, context: ExecutionContext): Caller =>
  callerOf(context.switchToHttp().getRequest<IncomingMessage>()),
);

export function mayUseBranch(caller: Caller, branchId: string): boolean {
  return caller.branchIds === undefined || caller.branchIds.includes(branchId);
}

/** Things that concern every branch are not for a key of some. */
export function assertEveryBranch(caller: Caller): void {
  if (caller.branchIds !== undefined) {
    throw new HttpProblem('forbidden', {
      detail: 'You may do this for certain branches only; this concerns all of them.',
    });
  }
}

/**
 * The branches that a list may show: those of the key, and of them the one that was asked for. A branch of somebody else's
 * gives an empty list, just as one that does not exist.
 */
export function visibleBranches(caller: Caller, asked: string | undefined): readonly string[] | undefined {
  if (asked === undefined) return caller.branchIds;
  return mayUseBranch(caller, asked) ? [asked] : [];
}
