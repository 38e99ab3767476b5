import { invalidRequest } from './api-error.js';
import type { Kinds, ObjectStore, Page } from './object-store.js';

/** Members that hold an id and can hold the object itself, and what kind of object it is. */
const EXPANDABLE: Readonly<Record<string, keyof Kinds>> = {
  latest_charge: 'charge',
  payment_intent: 'payment_intent',
  payment_method: 'payment_method',
  balance_transaction: 'balance_transaction',
};
const MAX_DEPTH = 4;

type Body = Record<string, unknown>;

/** Puts objects in the place of their ids, along paths such as `latest_charge.balance_transaction`. */
export async function expandBody<T extends object>(
  objects: ObjectStore,
  body: T,
  paths: readonly string[] = [],
): Promise<T> {
  const copy = structuredClone(body);
  for (const path of paths) await expandPath(objects, copy as Body, path.split('.'), path);
  return copy;
}

/** The same for a list, whose paths begin with `data`. */
export async function expandPage<K extends keyof Kinds>(
  objects: ObjectStore,
  page: Page<K>,
  paths: readonly string[] = [],
): Promise<Page<K>> {
  const inner = paths.map((path) => {
    if (!path.startsWith('data.')) throw cannotExpand(path);
    return path.slice('data.'.length);
  });
  const data: Kinds[K][] = [];
  for (const body of page.data) data.push(await expandBody(objects, body, inner));
  return { ...page, data };
}

async function expandPath(objects: ObjectStore, body: Body, names: string[], path: string): Promise<void> {
  if (names.length > MAX_DEPTH) throw invalidRequest(`You cannot expand more than ${MAX_DEPTH} levels of a property`);
  const [name = '', ...rest] = names;
  const kind = EXPANDABLE[name];
  if (kind === undefined || !(name in body)) throw cannotExpand(path);
  const value = body[name];
  if (typeof value === 'string') {
    const found = await objects.find(kind, value);
    if (found === undefined) throw new Error(`${name} names an object that is not there`);
    body[name] = found.body;
  }
  const inner = body[name];
  if (rest.length > 0 && inner !== null) await expandPath(objects, inner as Body, rest, path);
}

function cannotExpand(path: string): Error {
  return invalidRequest(`This property cannot be expanded (${path}).`, { param: 'expand' });
}
