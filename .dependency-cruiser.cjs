// The arrows of docs/how-it-works.md. A folder imports only what is listed for it.
const only = (folder, allowed, comment) => ({
  name: `${folder.replace(/[^a-z]+/g, '-')}-arrows`,
  comment,
  severity: 'error',
  from: { path: `^src/${folder}/` },
  to: { path: '^src/', pathNot: [`^src/${folder}/`, ...allowed.map((path) => `^src/${path}`)] },
});

module.exports = {
  forbidden: [
    {
      name: 'no-cycles',
      comment: 'A cycle means that a noun is missing.',
      severity: 'error',
      from: {},
      to: { circular: true },
    },
    only('core', [], 'The core stands alone.'),
    only('authsignal', ['core/']),
    only('replay', ['core/']),
    only('redis', ['replay/']),
    only('validation', ['core/']),
    only('opentelemetry', ['core/']),
    only('testing', ['core/', 'webhook/']),
    only('webhook', ['core/']),
    only('whatsapp', ['core/']),
    only('browser', ['core/wire\\.ts$']),
    only('emulator', [], 'The emulator stands in for Authsignal: it may know nothing of the gate.'),
    only('nest', ['core/', 'webhook/', 'whatsapp/', 'validation/', 'create-step-up-gate\\.ts$']),
    only('express', ['core/', 'webhook/', 'whatsapp/', 'validation/']),
    {
      name: 'library-without-emulator',
      comment: 'Nobody who imports the library may load the emulator.',
      severity: 'error',
      from: { path: '^src/', pathNot: '^src/emulator/' },
      to: { path: '^src/emulator/' },
    },
    {
      name: 'core-without-packages',
      comment: 'The core decides; it knows one package, the RFC 8785 writer, and node: builtins.',
      severity: 'error',
      from: { path: '^src/core/' },
      to: {
        dependencyTypes: ['npm', 'npm-dev', 'npm-peer', 'npm-optional'],
        pathNot: 'canonicalize|cookie',
      },
    },
    {
      name: 'nest-stays-in-nest',
      severity: 'error',
      from: { path: '^src/', pathNot: '^src/nest/' },
      to: { path: 'node_modules/@nestjs/' },
    },
    {
      name: 'express-stays-in-express',
      severity: 'error',
      from: { path: '^src/', pathNot: '^src/express/' },
      to: { path: 'node_modules/express/', dependencyTypesNot: ['type-only'] },
    },
    {
      name: 'sample-app-as-a-user',
      comment: 'The sample app imports the package as its users do.',
      severity: 'error',
      from: { path: '^sample-app/' },
      to: { path: '^src/' },
    },
    {
      name: 'no-unresolvable',
      severity: 'error',
      from: {},
      to: { couldNotResolve: true },
    },
  ],
  options: {
    doNotFollow: { path: 'node_modules' },
    exclude: { path: '^(dist|reports)' },
    tsConfig: { fileName: 'tsconfig.json' },
    tsPreCompilationDeps: true,
    enhancedResolveOptions: {
      exportsFields: ['exports'],
      conditionNames: ['module-sync', 'import', 'require', 'node', 'default', 'types'],
      extensions: ['.ts', '.js', '.mjs', '.cjs', '.json'],
      mainFields: ['main', 'types'],
    },
  },
};
