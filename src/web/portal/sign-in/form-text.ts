import type { Request } from 'express';

/** A field of a form, or nothing where it is missing or there twice. */
export function formText(request: Request, name: string): string {
  const body = request.body as Readonly<Record<string, unknown>> | undefined;
  const value = body && Object.hasOwn(body, name) ? body[name] : undefined;
  return typeof value === 'string' ? value : '';
}
