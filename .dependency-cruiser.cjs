/** Who may import whom. Each rule is tripped by a planted violation in test/import-directions.test.ts. */
const only = (name, from, allowed, comment) => ({
  name,
  comment,
  severity: 'error',
  from: { path: from },
  to: { path: '^(bin|cli|definition|environments|lib|review|rehearsal|runbooks)/', pathNot: [from, ...allowed] },
});
const packages = (name, pattern, allowed, comment) => ({
  name,
  comment,
  severity: 'error',
  from: { pathNot: allowed },
  to: { path: pattern },
});
const entry = '^runbooks/[^/]+\\.ts$';

module.exports = {
  forbidden: [
    { name: 'no-circles', severity: 'error', from: {}, to: { circular: true } },
    only('definition-alone', '^definition/', [], 'everything meets in the definition, so it knows nobody'),
    {
      name: 'definition-zod-only',
      comment: 'the definition loads fast and anywhere',
      severity: 'error',
      from: { path: '^definition/' },
      to: { path: 'node_modules|^node:', pathNot: 'node_modules/zod/' },
    },
    only('environments-to-definition', '^environments/', ['^definition/'], 'an environment is data'),
    only('lib-to-definition', '^lib/', ['^definition/'], 'what is deployed never imports what is run'),
    only('app-to-lib', '^bin/app\\.ts$', ['^lib/', '^environments/', '^definition/'], 'the app has no logic'),
    only('review-to-definition', '^review/', ['^definition/'], 'review reads assemblies'),
    only('rehearsal-judges', '^rehearsal/', ['^definition/', '^environments/'], 'the judge uses nothing of the judged'),
    only('cli-to-runbooks', '^cli/', ['^runbooks/', '^definition/', '^review/'], 'the command line drives runbooks'),
    only('procedure-to-ports', '^runbooks/procedure/', ['^runbooks/ports/', '^definition/'], 'a procedure is pure'),
    only('ports-to-definition', '^runbooks/ports/', ['^definition/'], 'ports are what a procedure asks of the world'),
    only('verification-to-ports', '^runbooks/verification/', ['^runbooks/ports/', '^definition/'], ''),
    only(
      'inspection-to-ports',
      '^runbooks/inspection/',
      [
        '^runbooks/ports/',
        '^definition/',
        '^runbooks/verification/(type-table|neutral-types|dialects/[a-z]+-types)\\.ts$',
      ],
      'which columns may stand beside each other is said once, in the type table',
    ),
    only('adapters-to-ports', '^runbooks/adapters/', ['^runbooks/ports/', '^definition/'], ''),
    only(
      'runbook-to-ports',
      entry,
      ['^runbooks/procedure/', '^runbooks/ports/', '^runbooks/verification/', '^runbooks/inspection/', '^definition/'],
      'a runbook is a function of its ports; only entry files connect',
    ),
    {
      name: 'only-entries-connect',
      comment: 'the one place that wires adapters is called by entry files only',
      severity: 'error',
      from: {
        path: '^(cli|runbooks|lib|review|definition|environments)/',
        pathNot: ['^cli/main\\.ts$', '^runbooks/adapters/'],
      },
      to: { path: '^runbooks/adapters/' },
    },
    packages(
      'cdk-in-lib-only',
      'node_modules/(aws-cdk-lib|constructs|cdk-nag|@aws-cdk)/',
      ['^(bin/app\\.ts|lib/|review/|test/)'],
      '',
    ),
    packages(
      'aws-sdk-in-adapters-only',
      'node_modules/@(aws-sdk|smithy)/',
      ['^(runbooks/adapters/|rehearsal/|test/)', 'node_modules'],
      '',
    ),
    packages(
      'drivers-in-adapters-only',
      'node_modules/(pg|pg-[^/]+|mysql2|@vlasky)/',
      ['^(runbooks/adapters/|rehearsal/|test/)', 'node_modules'],
      '',
    ),
  ],
  options: {
    doNotFollow: { path: 'node_modules' },
    tsPreCompilationDeps: true,
    tsConfig: { fileName: 'tsconfig.json' },
    enhancedResolveOptions: { exportsFields: ['exports'], conditionNames: ['require', 'node', 'default'] },
  },
};
