import { invalidRequest } from './api-error.js';

/** What a form-encoded body or query is once `a[b][0]=c` has been unfolded. */
export interface RawParameters {
  [name: string]: string | RawParameters;
}

const MAX_DEPTH = 6;
const MAX_FIELDS = 400;

/** Unfolds `metadata[order]=1&expand[0]=latest_charge`, in the form in which the `stripe` package sends it. */
export function decodeForm(encoded: string): RawParameters {
  const root = empty();
  let fields = 0;
  for (const [name, value] of new URLSearchParams(encoded)) {
    fields += 1;
    if (name.includes('\0') || value.includes('\0')) throw invalidRequest('A parameter contains a null character.');
    if (fields > MAX_FIELDS) throw invalidRequest(`Too many parameters: at most ${MAX_FIELDS} are read.`);
    place(root, namesOf(name), value, name);
  }
  return root;
}

function empty(): RawParameters {
  // Without a prototype, a parameter called `__proto__` is a name like any other.
  return Object.create(null) as RawParameters;
}

function namesOf(name: string): string[] {
  const [head = '', ...rest] = name.split('[');
  const names = [head, ...rest.map((part) => part.replace(/\]$/, ''))];
  if (names.length > MAX_DEPTH) throw invalidRequest(`Invalid parameter name: ${name}`, { param: name });
  return names;
}

function place(root: RawParameters, names: string[], value: string, whole: string): void {
  let at = root;
  for (const [depth, part] of names.entries()) {
    const name = part === '' ? String(Object.keys(at).length) : part;
    if (depth === names.length - 1) {
      at[name] = value;
      return;
    }
    const next = at[name] ?? (at[name] = empty());
    if (typeof next === 'string') throw invalidRequest(`Invalid parameter: ${whole}`, { param: whole });
    at = next;
  }
}

/**
 * Reads parameters by name and remembers which ones were read, so that `done` can refuse the others as Stripe refuses
 * parameters that it does not know.
 */
export class Parameters {
  private readonly read = new Set<string>();

  constructor(
    private readonly raw: RawParameters,
    private readonly prefix = '',
  ) {}

  text(name: string, maxLength = 5000): string | undefined {
    const value = this.take(name);
    if (value === undefined || value === '') return undefined;
    const param = this.paramOf(name);
    if (typeof value !== 'string') throw invalidRequest('Invalid string', { param });
    if (value.length > maxLength) {
      throw invalidRequest(`Invalid string; must be at most ${maxLength} characters`, { param });
    }
    return value;
  }

  requiredText(name: string): string {
    return this.text(name) ?? this.missing(name);
  }

  integer(name: string): number | undefined {
    const value = this.text(name);
    if (value === undefined) return undefined;
    if (!/^-?\d{1,15}$/.test(value)) {
      throw invalidRequest(`Invalid integer: ${value.slice(0, 40)}`, {
        code: 'parameter_invalid_integer',
        param: this.paramOf(name),
      });
    }
    return Number(value);
  }

  requiredInteger(name: string): number {
    return this.integer(name) ?? this.missing(name);
  }

  flag(name: string): boolean | undefined {
    const value = this.text(name);
    if (value === undefined) return undefined;
    if (value !== 'true' && value !== 'false') {
      throw invalidRequest(`Invalid boolean: ${value.slice(0, 40)}`, { param: this.paramOf(name) });
    }
    return value === 'true';
  }

  oneOf<T extends string>(name: string, allowed: readonly T[]): T | undefined {
    const value = this.text(name);
    if (value === undefined) return undefined;
    const known = allowed.find((item) => item === value);
    if (known === undefined) {
      throw invalidRequest(`Invalid ${this.paramOf(name)}: must be one of ${allowed.join(', ')}`, {
        param: this.paramOf(name),
      });
    }
    return known;
  }

  group(name: string): Parameters {
    const value = this.take(name);
    if (typeof value === 'string' && value !== '') throw invalidRequest('Invalid hash', { param: this.paramOf(name) });
    return new Parameters(typeof value === 'object' ? value : empty(), this.paramOf(name));
  }

  has(name: string): boolean {
    return this.raw[name] !== undefined;
  }

  /** True where the parameter is a group of its own (`created[gte]`), false where it is one value. */
  isGroup(name: string): boolean {
    return typeof this.raw[name] === 'object';
  }

  list(name: string): string[] | undefined {
    const value = this.take(name);
    if (value === undefined || value === '') return undefined;
    const items = typeof value === 'string' ? [] : Object.values(value);
    if (items.length === 0 || items.some((item) => typeof item !== 'string')) {
      throw invalidRequest('Invalid array', { param: this.paramOf(name) });
    }
    return items as string[];
  }

  /** Key-value pairs of the caller's own, within Stripe's limits. */
  metadata(): Record<string, string> {
    const value = this.take('metadata');
    if (value === undefined || value === '') return {};
    if (typeof value === 'string') throw invalidRequest('Invalid hash', { param: 'metadata' });
    const pairs = Object.entries(value);
    if (pairs.length > 50) throw invalidRequest('Metadata can have at most 50 keys', { param: 'metadata' });
    return Object.fromEntries(
      pairs.map(([key, item]) => {
        const param = `metadata[${key.slice(0, 40)}]`;
        if (typeof item !== 'string') throw invalidRequest('Metadata values must be strings', { param });
        if (key.length > 40 || item.length > 500) {
          throw invalidRequest('Metadata keys can be 40 characters long and values 500', { param });
        }
        return [key, item];
      }),
    );
  }

  /** Refuses what nobody has read. */
  done(): void {
    const unknown = Object.keys(this.raw).find((name) => !this.read.has(name));
    if (unknown === undefined) return;
    const param = this.paramOf(unknown);
    throw invalidRequest(`Received unknown parameter: ${param} (or one that this stand-in has no use for)`, {
      code: 'parameter_unknown',
      param,
    });
  }

  private take(name: string): string | RawParameters | undefined {
    this.read.add(name);
    return this.raw[name];
  }

  private paramOf(name: string): string {
    return this.prefix === '' ? name : `${this.prefix}[${name}]`;
  }

  private missing(name: string): never {
    const param = this.paramOf(name);
    throw invalidRequest(`Missing required param: ${param}.`, { code: 'parameter_missing', param });
  }
}
