import { z } from 'zod';
import { answerSchemas, requestSchemas } from './schemas/registry.js';

export type JsonSchema = Readonly<Record<string, unknown>>;

const address = (id: string): string => `#/components/schemas/${id}`;

/** Every named schema. What is sent is described as it is sent, before defaults; what is answered as it is answered. */
export function componentSchemas(): Readonly<Record<string, JsonSchema>> {
  const sent = z.toJSONSchema(requestSchemas, { uri: address, io: 'input' }).schemas;
  const answered = z.toJSONSchema(answerSchemas, { uri: address, io: 'output' }).schemas;
  const named = Object.entries({ ...sent, ...answered }).map(([id, schema]) => [id, bare(schema)] as const);
  return Object.fromEntries([...named, ['Problem', PROBLEM]]);
}

/** A reference to a named schema, or the schema itself where it has no name. */
export function reference(schema: z.ZodType, io: 'input' | 'output'): JsonSchema {
  const name = (io === 'input' ? requestSchemas : answerSchemas).get(schema)?.id;
  return name === undefined ? bare(z.toJSONSchema(schema, { io })) : { $ref: address(name) };
}

/** Inside a document that says which dialect it is in, a schema need not. */
function bare(schema: JsonSchema): JsonSchema {
  const { $schema: _dialect, $id: _id, '~standard': _standard, ...rest } = schema;
  return rest;
}

const PROBLEM: JsonSchema = {
  type: 'object',
  description: 'RFC 9457. A refusal may carry more fields: the id of the invoice that has the number, say.',
  properties: {
    type: { type: 'string', description: 'urn:paylink-ledger:problem:<code>' },
    title: { type: 'string' },
    status: { type: 'integer' },
    detail: { type: 'string' },
    instance: { type: 'string' },
    code: { type: 'string' },
    errors: {
      type: 'array',
      items: {
        type: 'object',
        properties: { path: { type: 'string' }, message: { type: 'string' } },
        required: ['path', 'message'],
      },
    },
  },
  required: ['type', 'title', 'status', 'detail', 'instance', 'code', 'errors'],
};
