import { rm } from 'node:fs/promises';

/** Stops the PostgreSQL that global-setup.js started; one that was given by TEST_DATABASE_URL runs on. */
export default async function globalTeardown() {
  const running = globalThis.testPostgres;
  if (!running) return;
  await running.server.stop();
  await rm(running.folder, { recursive: true, force: true });
}
