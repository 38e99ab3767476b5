import type { Request } from 'express';

const LOOPBACK = /^(::1|(::ffff:)?127(\.\d{1,3}){3})$/;
const LOOPBACK_NAME = /^(localhost|[a-z0-9-]+\.localhost|127(\.\d{1,3}){3}|\[::1\])(:\d+)?$/i;

/** Whether the browser sits on this machine: by the connection itself, whatever a proxy says, and by the name that it asked for. */
export function isThisMachine(request: Request): boolean {
  const isForwarded = request.headers['x-forwarded-for'] !== undefined || request.headers.forwarded !== undefined;
  return (
    !isForwarded && LOOPBACK.test(request.socket.remoteAddress ?? '') && LOOPBACK_NAME.test(request.headers.host ?? '')
  );
}
