import type { Environment } from '../../definition/schema/environment';
import type { Migration } from '../../definition/schema/migration';
import { findingsAfter, migrationOf, production } from './refusals';

const cents = (to: string): Migration['transformations'][number] => ({
  kind: 'convert-column',
  ...{ table: 'billing.invoice', column: 'cents', to },
  ...{ forward: '$value / 100.0', reverse: '($value * 100)::int8' },
});

type Change = (migration: Migration, environment: Environment) => void;
const refused: [name: string, change: Change, path: string, allowed: RegExp, why: RegExp][] = [
  [
    'a split write record',
    (m) => Object.assign(m.records[0]!, { weights: { source: 128, target: 127 } }),
    'records[0].weights',
    /255\/0/,
    /two masters/,
  ],
  [
    'weights of a read record',
    (m) => Object.assign(m.records[1]!, { weights: { source: 128, target: 127 } }),
    'records[1].weights',
    /absent/,
    /owned by the runbooks/,
  ],
  [
    'an unknown engine version of the source',
    (m) => (m.source.version = '9.6.24'),
    'source.version',
    /11, 12, 13/,
    /DMS/,
  ],
  ['an unknown engine version of the target', (m) => (m.target.version = '99.1'), 'target.version', /17/, /known/],
  ['a target without a minor version', (m) => (m.target.version = '17'), 'target.version', /full version/, /upgrade/],
  [
    'a serverless size for an engine that has none',
    (m) => (m.target.serverless = { minCapacityUnits: 1, maxCapacityUnits: 2 }),
    'target.serverless',
    /absent/,
    /only Aurora/,
  ],
  [
    'a rollback window below the minimum of production',
    (m) => (m.timing.rollbackWindowSeconds = 86_399),
    'timing.rollbackWindowSeconds',
    /at least 86400 .*production/,
    /way back/,
  ],
  [
    'a consistency hold below the minimum of production',
    (m) => (m.gates.consistencyHoldSeconds = 10),
    'gates.consistencyHoldSeconds',
    /at least 3600/,
    /chance/,
  ],
  [
    'reverse replication off with a rollback promised',
    (m) => (m.replication.reverse = false),
    'replication.reverse',
    /604800/,
    /misses every write/,
  ],
  [
    'an application account that is the master',
    (m) => (m.accounts.write[0]!.name = m.accounts.master),
    'accounts.write[0].name',
    /not the master/,
    /way back/,
  ],
  [
    'an application account that is the runbook’s',
    (m) => (m.accounts.read[0]!.name = m.accounts.runbook),
    'accounts.read[0].name',
    /not the runbook/,
    /lock itself out/,
  ],
  [
    'an application account that the fence leaves alone',
    (m) => m.accounts.allowed.push('billing_app'),
    'accounts.write[0].name',
    /accounts\.allowed/,
    /no fence/,
  ],
  [
    'an account that is both write and read',
    (m) => m.accounts.read.push({ name: 'billing_app' }),
    'accounts.read[1].name',
    /declared once/,
    /never locked/,
  ],
  [
    'a loss that is not called one',
    (m) => m.waivers.push({ table: 'billing.%', check: 'reverse-fitness', reason: 'never rolled back' }),
    'waivers[0].reason',
    /the words "rollback lossy"/,
    /stop at it or change it/,
  ],
  [
    'two conversions of one column',
    (m) => m.transformations.push(cents('amount'), cents('price')),
    'transformations[1].column',
    /no conversion of the table names yet/,
    /equal to one other/,
  ],
  [
    'a conversion on a target without its triggers',
    (m) => {
      m.transformations.push(cents('amount'));
      m.target.engine = 'aurora-mysql';
      m.target.version = '8.0.mysql_aurora.3.10.0';
    },
    'transformations[0].kind',
    /target is PostgreSQL/,
    /triggers keep/,
  ],
  ['a TTL above the limit', (m) => (m.records[0]!.ttlSeconds = 300), 'records[0].ttlSeconds', /at most 60/, /old side/],
  [
    'a pause budget without room',
    (m) => (m.gates.maxWritePauseSeconds = 85),
    'gates.maxWritePauseSeconds',
    /at least 90/,
    /TTL 5 \+ propagation 60 \+ undo 15 leave 5 seconds/,
  ],
  [
    'read shares that fall',
    (m) => (m.timing.readShiftPercents = [50, 20, 100]),
    'timing.readShiftPercents',
    /rising/,
    /more reads/,
  ],
  [
    'a record outside the zone',
    (m) => (m.records[0]!.name = 'billing.other.org'),
    'records[0].name',
    /inside the zone/,
    /this zone only/,
  ],
  [
    'equal set identifiers',
    (m) => (m.records[0]!.target.setIdentifier = 'billing-source'),
    'records[0].target.setIdentifier',
    /does not have/,
    /overwrite/,
  ],
  [
    'an endpoint that is a weighted name itself',
    (m) => (m.records[0]!.source.endpoint = m.records[1]!.name),
    'records[0].source.endpoint',
    /not itself a record/,
    /lead back/,
  ],
  ['no write record', (m) => m.records.splice(0, 1), 'records', /kind write/, /no writes/],
  [
    'a wildcard over all schemas',
    (m) => (m.tables.include = ['%.%']),
    'tables.include[0]',
    /cutover_local/,
    /replicated to the other/,
  ],
];

describe('settings that contradict each other', () => {
  it.each(refused)('%s', (_name, change, path, allowed, why) => {
    const findings = findingsAfter((environment) => change(migrationOf(environment, 'billing'), environment));
    const finding = findings.find((one) => one.path === `migrations.billing.${path}`);
    expect(findings.map((one) => one.path)).toContain(`migrations.billing.${path}`);
    expect(finding?.allowed).toMatch(allowed);
    expect(finding?.why).toMatch(why);
  });

  it('a database-level record for an engine change', () => {
    const findings = findingsAfter((environment) => {
      migrationOf(environment, 'orders').records[0]!.level = 'database';
    });
    expect(findings).toHaveLength(1);
    expect(findings[0]).toMatchObject({ path: 'migrations.orders.records[0].level', value: 'database' });
    expect(findings[0]?.why).toMatch(/wire protocol and port differ.*cannot serve both/);
  });

  it('an application-level record without its endpoint', () => {
    const findings = findingsAfter((environment) => {
      delete migrationOf(environment, 'orders').records[0]!.target.endpoint;
    });
    expect(findings.map((finding) => finding.path)).toEqual(['migrations.orders.records[0].target.endpoint']);
  });

  it('records of two migrations that overlap', () => {
    const findings = findingsAfter((environment) => {
      migrationOf(environment, 'orders').records[0]!.name = 'billing-db.internal.example.com';
    });
    expect(findings).toHaveLength(1);
    expect(findings[0]?.allowed).toContain('migrations.billing.records[0].name has it already');
  });

  it.each<[string, (environment: Environment) => void, string, RegExp]>([
    [
      'an environment whose bucket would have too long a name',
      (e) => (e.name = 'a-production-like-place'),
      'name',
      /at most 21 characters in eu-central-1/,
    ],
    ['an environment with a hyphen at its end', (e) => (e.name = 'prod-'), 'name', /none at the end/],
    [
      'a migration whose roles would have too long a name',
      (e) => {
        e.name = 'production-in-europe';
        e.migrations = { 'accounts-of-all-the-customers': migrationOf(e, 'billing') };
      },
      'migrations.accounts-of-all-the-customers',
      /at most 23 characters/,
    ],
    [
      'a migration with two hyphens in a row',
      (e) => (e.migrations = { 'a--b': migrationOf(e, 'billing') }),
      'migrations.a--b',
      /single hyphens/,
    ],
  ])('%s', (_name, change, path, allowed) => {
    const [finding, ...others] = findingsAfter(change);
    expect([finding?.path, others]).toEqual([path, []]);
    expect(finding?.allowed).toMatch(allowed);
  });

  it('two networks, or none', () => {
    expect(findingsAfter((environment) => delete environment.network.existing)[0]?.path).toBe('network');
    expect(
      findingsAfter((environment) => {
        environment.network.created = { cidr: '10.1.0.0/16', availabilityZones: ['a', 'b'] };
      })[0]?.path,
    ).toBe('network');
  });
});

describe('what stays allowed', () => {
  it('short windows in development, where no minimum binds', () => {
    const base = production();
    base.kind = 'development';
    const change = (environment: Environment) => {
      const migration = migrationOf(environment, 'billing');
      migration.timing.rollbackWindowSeconds = 30;
      migration.gates.consistencyHoldSeconds = 0;
    };
    expect(findingsAfter(change, base)).toEqual([]);
    expect(findingsAfter(change)).toHaveLength(2);
  });

  it('no reverse replication where no rollback is promised', () => {
    const base = production();
    base.kind = 'development';
    const findings = findingsAfter((environment) => {
      const migration = migrationOf(environment, 'billing');
      migration.timing.rollbackWindowSeconds = 0;
      migration.replication.reverse = false;
    }, base);
    expect(findings).toEqual([]);
  });
});
