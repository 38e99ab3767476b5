import { Registry, collectDefaultMetrics } from 'prom-client';

/** The registry of this process, with what Node tells of itself. */
export function createMetrics(): Registry {
  const registry = new Registry();
  collectDefaultMetrics({ register: registry });
  return registry;
}
