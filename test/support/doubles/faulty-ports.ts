import { EventStoreUnavailable, ProcessorUnavailable } from '../../../src/application/ports.js';
import type { Ports } from './ports.js';

/**
 * What happens at one call of a port. `crash_…`: the process dies, before the call reached the system outside or after it had its
 * effect there. `away_…`: the call fails in the port's own way, without or with its effect.
 */
export type Fault = 'crash_before' | 'crash_after' | 'away_before' | 'away_after';

/** Asked before every call; the call waits until it is answered. */
export type Gate = (call: string) => Promise<Fault | undefined>;

/** A process of the service that can die. Nothing of a dead one runs on: no `catch`, no `finally`, no further call. */
export class ProcessLife {
  readonly died: Promise<never>;
  private end: (reason: Error) => void = () => undefined;
  alive = true;

  constructor() {
    this.died = new Promise<never>((_resolve, reject) => {
      this.end = reject;
    });
    // Those who wait for an answer hear of it; that nobody waits is no error.
    this.died.catch(() => undefined);
  }

  kill(): void {
    this.alive = false;
    this.end(new Crash());
  }
}

/** The process died before it answered. */
export class Crash extends Error {
  override readonly name = 'Crash';
}

/** Calls that go outside, by port. */
const CALLS = {
  store: ['append', 'readStream'],
  processor: ['previewToken', 'createIntent', 'confirmIntent', 'retrieveIntent', 'cancelIntent'],
  mailer: ['send'],
  texter: ['send', 'find'],
  queue: ['enqueue'],
  quotes: ['save', 'find'],
  owed: ['find'],
} as const satisfies Partial<Record<keyof Ports, readonly string[]>>;

type Port = keyof typeof CALLS;
const PORTS = Object.keys(CALLS) as readonly Port[];

/** The same ports, each call of which goes through the gate. */
export function behindGate(ports: Ports, gate: Gate, life: ProcessLife): Ports {
  const gated = PORTS.map((name) => [name, gatedPort(name, ports[name], gate, life)]);
  return { ...ports, ...(Object.fromEntries(gated) as Pick<Ports, Port>) };
}

function gatedPort(name: Port, port: Ports[Port], gate: Gate, life: ProcessLife): Ports[Port] {
  return new Proxy(port, {
    get(target, property) {
      const member: unknown = Reflect.get(target, property);
      if (typeof member !== 'function') return member;
      const method = (member as (...args: unknown[]) => unknown).bind(target);
      const isCall = (CALLS[name] as readonly string[]).includes(String(property));
      return isCall ? (...args: unknown[]) => pass(name, String(property), () => method(...args), gate, life) : method;
    },
  });
}

async function pass(name: Port, method: string, call: () => unknown, gate: Gate, life: ProcessLife): Promise<unknown> {
  if (!life.alive) return forever();
  const fault = await gate(`${name}.${method}`);
  if (!life.alive) return forever();
  if (fault === 'crash_before') return die(life);
  if (fault === 'away_before') return away(name, method, false);
  const answer = await call();
  if (fault === 'crash_after') return die(life);
  if (fault === 'away_after') return away(name, method, true);
  return life.alive ? answer : forever();
}

const forever = (): Promise<never> => new Promise(() => undefined);

function die(life: ProcessLife): Promise<never> {
  life.kill();
  return forever();
}

function away(name: Port, method: string, hadEffect: boolean): unknown {
  if (name === 'store') throw new EventStoreUnavailable('no answer');
  if (name === 'processor') throw new ProcessorUnavailable('no answer');
  if ((name === 'mailer' || name === 'texter') && method === 'send') {
    return hadEffect
      ? { outcome: 'unknown', reason: 'no answer' }
      : { outcome: 'temporary', code: '421', reason: 'try later' };
  }
  throw new Error(`${name} is away`);
}
