import { RequestMethod } from '@nestjs/common';
import { METHOD_METADATA, PATH_METADATA, ROUTE_ARGS_METADATA } from '@nestjs/common/constants.js';
import { RouteParamtypes } from '@nestjs/common/enums/route-paramtypes.enum.js';
import { z } from 'zod';
import { RIGHTS } from '../auth/rights.js';
import { componentSchemas, reference } from './openapi-schemas.js';
import type { JsonSchema } from './openapi-schemas.js';
import { COMPONENT_HEADERS, COMPONENT_RESPONSES, REFUSALS } from './openapi-components.js';
import { routeOf } from './route.js';
import type { RouteDescription } from './route.js';

/** One route as Nest serves it. */
export interface DescribedRoute {
  readonly method: 'get' | 'post' | 'put' | 'patch' | 'delete';
  /** `/api/v1/invoices/{invoiceId}` */
  readonly path: string;
  readonly operationId: string;
  readonly tag: string;
  readonly description: RouteDescription | undefined;
  readonly params?: z.ZodType;
  readonly query?: z.ZodType;
  readonly body?: z.ZodType;
}

type ControllerClass = abstract new (...dependencies: never[]) => object;

/** The routes of controllers, from what their decorators left: the same that Nest serves them by. */
export function routesOf(controllers: readonly ControllerClass[]): DescribedRoute[] {
  return controllers.flatMap((controller) => {
    const prefix = String(Reflect.getMetadata(PATH_METADATA, controller));
    return Object.getOwnPropertyNames(controller.prototype).flatMap((name) => {
      const handler = (controller.prototype as Record<string, unknown>)[name];
      if (typeof handler !== 'function' || !Reflect.hasMetadata(METHOD_METADATA, handler)) return [];
      return [describeRoute(controller, prefix, name, handler)];
    });
  });
}

function describeRoute(controller: ControllerClass, prefix: string, name: string, handler: object): DescribedRoute {
  const method = RequestMethod[Reflect.getMetadata(METHOD_METADATA, handler) as RequestMethod].toLowerCase();
  const path = `/${prefix}/${String(Reflect.getMetadata(PATH_METADATA, handler))}`
    .replace(/\/+$/, '')
    .replace(/\/+/g, '/');
  const schemaOf = (type: RouteParamtypes): z.ZodType | undefined => {
    const parameters = Reflect.getMetadata(ROUTE_ARGS_METADATA, controller, name) as Record<
      string,
      { schema?: z.ZodType }
    >;
    return Object.entries(parameters ?? {}).find(([key]) => key.startsWith(`${type}:`))?.[1].schema;
  };
  const [params, query, body] = [RouteParamtypes.PARAM, RouteParamtypes.QUERY, RouteParamtypes.BODY].map(schemaOf);
  const tag = controller.name.replace(/Controller$/, '');
  return {
    method: method as DescribedRoute['method'],
    path: path.replace(/:([A-Za-z]+)/g, '{$1}'),
    operationId: `${tag}.${name}`,
    tag: tag.replace(/(?<=[a-z])(?=[A-Z])/g, ' '),
    description: routeOf(handler),
    ...(params ? { params } : {}),
    ...(query ? { query } : {}),
    ...(body ? { body } : {}),
  };
}

/**
 * The API's document (OpenAPI 3.1), made of the routes and of the very schemas that check what is sent.
 *
 * @param serverUrl where the API is reached
 */
export function openApiDocument(controllers: readonly ControllerClass[], serverUrl: string) {
  const paths: Record<string, Record<string, object>> = {};
  for (const route of routesOf(controllers)) {
    (paths[route.path] ??= {})[route.method] = operation(route);
  }
  return {
    openapi: '3.1.0',
    info: {
      title: 'Paylink Ledger',
      version: '1',
      description:
        'Invoices, the links by which they are paid, and the payments. Money is an integer number of minor units; times are ' +
        'RFC 3339 in UTC; a refusal is a problem of RFC 9457 with a code and the list of what is wrong.',
    },
    servers: [{ url: serverUrl }],
    security: [{ apiKey: [] }],
    paths,
    components: {
      securitySchemes: { apiKey: { type: 'http', scheme: 'bearer', description: 'An API key' } },
      headers: COMPONENT_HEADERS,
      responses: COMPONENT_RESPONSES,
      schemas: componentSchemas(),
    },
  };
}

function operation({ description, operationId, tag, params, query, body, method }: DescribedRoute): object {
  if (!description) throw new Error(`${operationId} does not say what it is.`);
  const { summary, right, status, refusals = [] } = description;
  const responses: Record<string, object> = { [status]: success(description) };
  if (description.carries?.includes('ETag') && method === 'get') {
    responses['304'] = { description: 'If-None-Match names this revision' };
  }
  for (const refusal of [400, 401, 403, ...refusals, 429, 500, 503] as const) {
    responses[refusal] = { $ref: `#/components/responses/${REFUSALS[refusal]}` };
  }
  return {
    operationId,
    tags: [tag],
    summary,
    description: [description.description, `For the roles ${RIGHTS[right].join(', ')}.`].filter(Boolean).join(' '),
    parameters: [...parametersOf('path', params), ...parametersOf('query', query), ...headersOf(method, description)],
    ...(body ? { requestBody: requestBody(body) } : {}),
    ...(description.takes ? { requestBody: fileBody(description.takes) } : {}),
    responses,
  };
}

function success({ status, answer, carries = [] }: RouteDescription): object {
  const described = { 200: 'Done', 201: 'Made', 202: 'Taken on', 204: 'Done' }[status];
  const headers = Object.fromEntries(
    [...carries, 'X-Request-Id'].map((name) => [name, { $ref: `#/components/headers/${name}` }]),
  );
  if (!answer) return { description: described, headers };
  const forms = answer instanceof z.ZodType ? { 'application/json': answer } : answer;
  const content = Object.fromEntries(
    Object.entries(forms).map(([mediaType, form]) => [mediaType, { schema: formOf(form) }]),
  );
  return { description: described, headers, content };
}

function formOf(form: z.ZodType | 'binary' | 'text'): JsonSchema {
  if (form instanceof z.ZodType) return reference(form, 'output');
  // OpenAPI 3.1: bytes have no schema beyond their media type.
  return form === 'text' ? { type: 'string' } : {};
}

function requestBody(schema: z.ZodType): object {
  const optional = schema instanceof z.ZodOptional;
  const inner = optional ? (schema.unwrap() as z.ZodType) : schema;
  return { required: !optional, content: { 'application/json': { schema: reference(inner, 'input') } } };
}

function fileBody(mediaTypes: readonly string[]): object {
  return {
    required: true,
    content: Object.fromEntries(mediaTypes.map((type) => [type, { schema: { type: 'string' } }])),
  };
}

function parametersOf(place: 'path' | 'query', schema: z.ZodType | undefined): object[] {
  if (!schema) return [];
  const { properties = {}, required = [] } = reference(schema, 'input') as {
    properties?: Record<string, JsonSchema>;
    required?: string[];
  };
  return Object.entries(properties).map(([name, { description, ...property }]) => ({
    name,
    in: place,
    required: required.includes(name),
    ...(description === undefined ? {} : { description }),
    schema: property,
  }));
}

function headersOf(method: string, { refusals = [], carries = [] }: RouteDescription): object[] {
  const names: (keyof typeof HEADER_PARAMETERS)[] = [];
  if (method === 'post') names.push('Idempotency-Key');
  if (refusals.includes(412)) names.push('If-Match');
  if (method === 'get' && carries.includes('ETag')) names.push('If-None-Match');
  return names.map((name) => ({ name, in: 'header', required: false, ...HEADER_PARAMETERS[name] }));
}

const HEADER_PARAMETERS = {
  'Idempotency-Key': {
    description: 'A repeat with the same key finds what the first one made',
    schema: { type: 'string', minLength: 1, maxLength: 255, pattern: '^[\\x21-\\x7e]+$' },
  },
  'If-Match': { description: 'The ETag of what was seen; 412 where that changed', schema: { type: 'string' } },
  'If-None-Match': { description: 'The ETag of what is known; 304 where it still holds', schema: { type: 'string' } },
} as const;
