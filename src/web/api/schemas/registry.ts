import { z } from 'zod';

/** Schemas that the API's document names, by what they describe: what is sent, and what is answered. */
export const requestSchemas = z.registry<{ id: string }>();
export const answerSchemas = z.registry<{ id: string }>();

/** Names a body that is sent. Unknown fields are refused, so a mistyped one cannot be lost in silence. */
export function request<Shape extends z.ZodRawShape>(id: string, shape: Shape) {
  return z.strictObject(shape).register(requestSchemas, { id });
}

/** Names what is answered. */
export function answer<Shape extends z.ZodRawShape>(id: string, shape: Shape) {
  return z.object(shape).register(answerSchemas, { id });
}
