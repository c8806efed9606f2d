/** The table of imports (docs/architecture.md): which room may import which. */
const rooms = {
  contracts: [],
  calendar: ['contracts'],
  sealing: ['contracts'],
  platform: ['contracts'],
  eventing: ['contracts', 'platform'],
  cases: ['contracts', 'eventing', 'calendar', 'sealing', 'platform'],
  register: ['contracts', 'eventing', 'calendar', 'sealing', 'platform'],
  ledger: ['contracts', 'eventing', 'calendar', 'sealing', 'platform'],
  intake: ['contracts', 'eventing', 'calendar', 'sealing', 'platform'],
  evidence: ['contracts', 'eventing', 'calendar', 'sealing', 'platform'],
  identity: ['contracts', 'eventing', 'calendar', 'sealing', 'platform'],
};
const adapters = {
  'postgres-log': 'eventing',
  eventstoredb: 'eventing',
  files: 'evidence',
  's3-files': 'evidence',
  'postgres-keys': 'sealing',
};

const SPECS = '\\.spec\\.ts$';
const room = ([name, allowed]) => ({
  name: `${name}-imports`,
  severity: 'error',
  from: { path: `^libs/${name}/`, pathNot: SPECS },
  to: { path: '^(libs|apps|test)/', pathNot: `^libs/(${[name, ...allowed].join('|')})/` },
});
const adapter = ([name, port]) => ({
  name: `adapter-${name}-imports`,
  severity: 'error',
  from: { path: `^libs/adapters/${name}/`, pathNot: SPECS },
  to: { path: '^(libs|apps|test)/', pathNot: `^libs/(adapters/${name}|contracts|platform|${port})/` },
});

module.exports = {
  forbidden: [
    { name: 'no-circles', severity: 'error', from: {}, to: { circular: true } },
    {
      name: 'every-room-is-in-the-table',
      severity: 'error',
      from: { path: '^(libs|apps)/' },
      to: { path: `^libs/(?!(${[...Object.keys(rooms), 'adapters'].join('|')})/)` },
    },
    ...Object.entries(rooms).map(room),
    ...Object.entries(adapters).map(adapter),
    {
      name: 'eventing-uses-platform-in-project-only',
      severity: 'error',
      from: { path: '^libs/eventing/', pathNot: '^libs/eventing/project' },
      to: { path: '^libs/platform/' },
    },
    {
      name: 'contracts-use-the-validators-only',
      severity: 'error',
      from: { path: '^libs/contracts/', pathNot: SPECS },
      to: {
        dependencyTypes: ['npm', 'npm-dev', 'npm-optional', 'npm-peer', 'npm-no-pkg', 'npm-unknown'],
        pathNot: 'node_modules/(class-validator|class-transformer)/',
      },
    },
    {
      name: 'deciding-and-folding-import-no-package',
      severity: 'error',
      from: {
        path: '^libs/(calendar/|ledger/rows/row\\.ts|register/(at|docs|table|places|people/people|policy/rules|seed/seed-entries)\\.ts|cases/((intake|assignment|rectification|examination|afterwards|oversight|time)/|manager\\.ts|duties|receipts|case-state|state|folding|table|duty|separation|draws/draw\\.ts|referrals/referral\\.ts))',
        pathNot: SPECS,
      },
      to: { pathNot: '^libs/', dependencyTypesNot: ['type-only'] },
    },
    {
      name: 'production-imports-no-test',
      severity: 'error',
      from: { path: '^(libs|apps)/', pathNot: SPECS },
      to: { path: '^test/' },
    },
  ],
  options: {
    tsConfig: { fileName: 'tsconfig.json' },
    tsPreCompilationDeps: true,
    doNotFollow: { path: 'node_modules' },
    exclude: { path: '^dist/' },
    enhancedResolveOptions: {
      extensions: ['.ts', '.js', '.json'],
      exportsFields: ['exports'],
      conditionNames: ['import', 'node', 'default'],
    },
  },
};
