import { isIP } from 'node:net';
import { BadRequestException, Injectable } from '@nestjs/common';
import type { Request } from 'express';
import ipaddr from 'ipaddr.js';
import { z } from 'zod';
import type { CommandContext } from '../../application/command-context.js';
import { Randomness } from '../../application/ports.js';
import { traceOf } from '../request-trace.js';

/** Ids are words: a bare row of digits could be a card number, and is none of ours. */
const id = z.string().regex(/^(?!\d+$)[A-Za-z0-9_-]{8,128}$/);

export const nothingBody = z.strictObject({});
export const openedBody = z.strictObject({ evidence: z.enum(['interaction', 'dwell', 'download', 'pay']) });
export const settleBody = z.strictObject({ quoteId: id.optional() });
export const quoteBody = z.strictObject({ confirmationTokenId: id });
export const payBody = z.strictObject({
  quoteId: id,
  quoteHash: z.string().regex(/^[0-9a-f]{64}$/),
  accepted: z.boolean(),
});

const USER_AGENT_MAX = 300;

/** Reads what a pay page sends. */
@Injectable()
export class PayRequests {
  constructor(private readonly randomness: Randomness) {}

  /** @throws BadRequestException for anything but exactly this shape */
  body<T extends z.ZodType>(schema: T, request: Request): z.output<T> {
    const parsed = schema.safeParse(request.body);
    if (!parsed.success) throw new BadRequestException({ code: 'malformed' });
    return parsed.data;
  }

  /** What the browser tells of itself, kept as part of the evidence of a consent. */
  browser(request: Request): { ip: string; userAgent: string } {
    const userAgent = (request.get('user-agent') ?? '').slice(0, USER_AGENT_MAX);
    return { ip: request.ip ?? 'unknown', userAgent };
  }

  context(request: Request, linkId: string): CommandContext {
    const { correlationId, traceparent } = traceOf(request);
    return {
      actor: `customer:${linkId}`,
      cause: this.randomness.uuid(),
      correlationId,
      ...(traceparent === undefined ? {} : { traceparent }),
    };
  }
}

/**
 * Whose tries are counted together: the caller's address as far as the proxies in front are trusted. Of IPv6 it is the network:
 * whoever has one address there has all 2^64 of it, and could come from another one each time.
 */
export function networkAddress({ ip = '' }: Request): string {
  if (isIP(ip) === 0) return 'unknown';
  const address = ipaddr.process(ip);
  if (address.kind() === 'ipv4') return address.toString();
  const network = (address as ipaddr.IPv6).parts.slice(0, 4).map((part) => part.toString(16));
  return `${network.join(':')}::/64`;
}
