import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { API_CONTROLLERS } from '../../src/web/api/api.module.js';
import { routesOf } from '../../src/web/api/openapi.js';
import { startWorld, type World } from './api-world.js';

interface Operation {
  readonly parameters: readonly { name: string; in: string; required: boolean }[];
  readonly requestBody?: { content: Record<string, { schema: object }> };
  readonly responses: Record<string, { $ref?: string; content?: Record<string, object> }>;
}

interface OpenApi {
  readonly openapi: string;
  readonly paths: Record<string, Record<string, Operation>>;
  readonly components: Record<string, Record<string, object>>;
}

let world: World;
let document: OpenApi;
beforeAll(async () => {
  world = await startWorld();
  const { body } = await world.call('get', '/api/openapi.json').unset('Authorization').expect(200);
  document = body as OpenApi;
});
afterAll(() => world.dispose());

/** The routes below /api/v1 that Express really serves. */
function served(): string[] {
  const { stack } = (world.app.getHttpAdapter().getInstance() as unknown as { router: { stack: readonly Layer[] } })
    .router;
  return stack.flatMap(({ route }) => {
    if (!route?.path.startsWith('/api/v1')) return [];
    const path = route.path.replace(/:([A-Za-z]+)/g, '{$1}');
    return Object.keys(route.methods).map((method) => `${method} ${path}`);
  });
}

interface Layer {
  readonly route?: { readonly path: string; readonly methods: Record<string, boolean> };
}

describe('the document of the API', () => {
  it('is OpenAPI 3.1 and describes every route that is served, and no other', () => {
    expect(document.openapi).toBe('3.1.0');
    const described = Object.entries(document.paths).flatMap(([path, methods]) =>
      Object.keys(methods).map((method) => `${method} ${path}`),
    );
    expect(described.sort()).toEqual(served().sort());
    expect(described).toHaveLength(routesOf(API_CONTROLLERS).length);
  });

  it('describes bodies, answers, parameters and refusals of each', () => {
    for (const [path, methods] of Object.entries(document.paths)) {
      for (const [method, operation] of Object.entries(methods)) {
        const name = `${method} ${path}`;
        const inPath = operation.parameters.filter((each) => each.in === 'path').map((each) => each.name);
        expect([name, inPath]).toEqual([name, [...path.matchAll(/\{(\w+)\}/g)].map((match) => match[1])]);
        const statuses = Object.keys(operation.responses);
        expect([name, statuses]).toEqual([name, expect.arrayContaining(['400', '401', '403', '429', '500', '503'])]);
        expect([name, statuses.filter((status) => status.startsWith('2'))]).toEqual([name, [expect.any(String)]]);
        if (inPath.length > 0) expect([name, statuses]).toEqual([name, expect.arrayContaining(['404'])]);
        if (method === 'put' || method === 'patch') expect(operation.requestBody).toBeDefined();
        if (method === 'post') {
          expect(operation.parameters).toContainEqual(
            expect.objectContaining({ name: 'Idempotency-Key', in: 'header' }),
          );
        }
      }
    }
  });

  it('refers to nothing that is not there', () => {
    const text = JSON.stringify(document);
    const references = [...new Set([...text.matchAll(/"\$ref":"([^"]+)"/g)].map((match) => match[1]!))];
    expect(references.length).toBeGreaterThan(20);
    for (const reference of references) {
      const [, , kind, name] = reference.split('/');
      expect([reference, document.components[kind!]?.[name!]]).not.toContain(undefined);
    }
  });

  it('says the same as the schemas that check: an invoice', () => {
    expect(document.components['schemas']!['NewInvoice']).toMatchObject({
      additionalProperties: false,
      required: ['branchId', 'number', 'issuedOn', 'dueOn', 'currency', 'customer', 'lines'],
      properties: { issuedOn: { type: 'string', format: 'date' }, tax: { type: 'integer', default: 0 } },
    });
    expect(document.components['schemas']!['Invoice']).toMatchObject({
      properties: { total: { $ref: '#/components/schemas/Money' } },
    });
  });

  it('has a reader whose files come from this server', async () => {
    const page = await world.call('get', '/api/docs').unset('Authorization').redirects(1).expect(200);
    expect(page.headers['content-type']).toContain('text/html');
    const policy = page.headers['content-security-policy'];
    expect(policy).toMatch(/^default-src 'none'; script-src 'self'; /);
    expect(policy).toContain("frame-ancestors 'none'");
    const addresses = [...page.text.matchAll(/(?:src|href)=["']([^"']+)["']/g)].map((match) => match[1]!);
    expect(addresses.length).toBeGreaterThan(2);
    for (const address of addresses) {
      expect(address).not.toMatch(/^(https?:)?\/\//);
      const path = new URL(address, 'http://localhost/api/docs').pathname;
      await world.call('get', path).unset('Authorization').expect(200);
    }
  });

  it('is the one page of the API: whatever else is answered shows and frames nothing', async () => {
    for (const path of ['/api/openapi.json', '/api/v1/branches', '/nowhere']) {
      const answer = await world.call('get', path);
      expect(answer.headers['content-security-policy']).toBe("default-src 'none'; frame-ancestors 'none'");
      expect(answer.headers['x-content-type-options']).toBe('nosniff');
    }
  });
});
