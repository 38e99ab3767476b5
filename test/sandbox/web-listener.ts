import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { readBody } from '../../src/sandbox/handler.js';

/** A call that a stand-in made. */
export interface Told {
  readonly signature: string;
  readonly parameters: Record<string, string>;
  readonly at: number;
}

export interface Answer {
  readonly status?: number;
  readonly body?: string;
}

/** Plays the service that a stand-in calls: keeps what it was told, and answers what the test says. */
export async function startListener(answer: (told: Told) => Answer = () => ({})) {
  const told: Told[] = [];
  const server = createServer((request, response) => {
    void readBody(request, 100_000).then((body) => {
      const call = {
        signature: String(request.headers['x-twilio-signature']),
        parameters: Object.fromEntries(new URLSearchParams(body)),
        at: Date.now(),
      };
      told.push(call);
      const { status = 200, body: text = '' } = answer(call);
      response.writeHead(status, { 'content-type': 'text/xml' });
      response.end(text);
    });
  });
  await new Promise<void>((listening) => server.listen(0, '127.0.0.1', listening));
  return {
    told,
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/webhooks/twilio`,
    stop: () => new Promise((closed) => server.close(closed)),
  };
}
