/** Pairs of assemblies, each built from one small change of the definition: exactly the dangers that are there are named. */
import { deriveEnvironment } from '../../definition/define-environment';
import type { Environment } from '../../definition/schema/environment';
import type { Migration } from '../../definition/schema/migration';
import { environments } from '../../environments';
import { reviewAssemblies } from '../../review/review-assemblies';
import { synthesise } from '../lib/synthesise';
import { removeTemporaryFolders } from '../temporary-folder';

/** Production with one migration: half the stacks, the same dangers. */
const production = deriveEnvironment(environments['production']!, (draft) => {
  delete draft.migrations['orders'];
});
let base: string;
beforeAll(() => {
  base = synthesise(production).folder;
});
afterAll(removeTemporaryFolders);

type Change = (migration: Migration, environment: Environment) => void;
const reviewOf = (change: Change, accepted: Record<string, string> = {}) => {
  const head = deriveEnvironment(production, (draft) => change(draft.migrations['billing']!, draft));
  return reviewAssemblies({ base, head: synthesise(head).folder, accepted });
};

const database = 'production/billing-target-database';
const replication = 'production/billing-replication';
const routing = 'production/billing-routing';
const access = 'production/billing-runbook-access';
const record = 'RecordBillingDbInternalExampleComSource';
const tasks = ['ForwardTask', 'LoadTask', 'ReverseTask', 'ValidationTask'];

const dangerous: [title: string, change: Change, expected: string[]][] = [
  [
    'deletion protection off',
    (m) => (m.target.deletionProtection = false),
    [`protection-lowered ${database} DatabaseB269D8BB`],
  ],
  ['fewer backups', (m) => (m.target.backupRetentionDays = 7), [`protection-lowered ${database} DatabaseB269D8BB`]],
  ['no standby', (m) => (m.target.multiAz = false), [`protection-lowered ${database} DatabaseB269D8BB`]],
  [
    'another name of the database',
    (m) => (m.target.database = 'billing2'),
    [
      `stateful-replaced ${database} DatabaseB269D8BB`,
      `stateful-replaced ${database} ReplicationLoginBC9121D1`,
      `stateful-replaced ${database} RunbookLoginAD233FDA`,
      `task-stopped ${replication} ForwardTo`,
      `task-stopped ${replication} ReverseFrom`,
    ],
  ],
  [
    'a table that stays behind',
    (m) => m.tables.exclude.push('billing.archive'),
    [
      ...tasks.map((task) => `task-stopped ${replication} ${task}`),
      `gate-loosened ${access} tables.exclude.billing.archive`,
    ],
  ],
  [
    'a larger replication instance',
    (m) => (m.replication.instanceClass = 'dms.r6i.xlarge'),
    [`replication-interrupted ${replication} Instance`],
  ],
  [
    'a load without an instance',
    (m) => (m.replication.serverlessLoad = { minCapacityUnits: 1, maxCapacityUnits: 8 }),
    [
      `task-removed ${replication} LoadTask`,
      ...['RunbookRolePolicyE134F163', 'StatusRolePolicyB052E947'].map(
        (policy) => `access-widened ${access} ${policy}`,
      ),
      ...['AlarmLatencySource0667FB81', 'AlarmLatencyTargetE4F93EBE'].map(
        (alarm) => `alarm-loosened production/billing-observability ${alarm}`,
      ),
    ],
  ],
  ['another slot', (m) => (m.replication.reverseSlot = 'other'), [`task-stopped ${replication} ReverseFrom`]],
  [
    'a longer TTL',
    (m) => (m.records[0]!.ttlSeconds = 30),
    ['Source', 'Target'].map((side) => `ttl-raised ${routing} RecordBillingDbInternalExampleCom${side}`),
  ],
  [
    'another set identifier',
    (m) => (m.records[0]!.source.setIdentifier = 'old'),
    [`weights-taken ${routing} ${record}`],
  ],
  [
    'another endpoint of a record',
    (m) => (m.records[0]!.source.endpoint = 'elsewhere.example.com'),
    [`route-changed ${routing} ${record}`],
  ],
  [
    'a record that goes',
    (m) => m.records.splice(1, 1),
    [
      ...['Source', 'Target'].flatMap((side) => [
        `record-removed ${routing} RecordBillingDbReadInternalExampleCom${side}`,
        `weights-taken production/billing-weights WeightBillingDbReadInternalExampleCom${side}`,
      ]),
    ],
  ],
  [
    'a lag gate that lets more pass',
    (m) => (m.gates.maxLagSeconds = 50),
    [`gate-loosened ${access} gates.maxLagSeconds`],
  ],
  [
    'a shorter hold',
    (m) => (m.gates.consistencyHoldSeconds = 7200),
    [`gate-loosened ${access} gates.consistencyHoldSeconds`],
  ],
  [
    'a tighter gate, which is still another threshold',
    (m) => (m.gates.maxOpenTransactionSeconds = 10),
    [`threshold-changed ${access} gates.maxOpenTransactionSeconds`],
  ],
  [
    'a shorter rollback window',
    (m) => (m.timing.rollbackWindowSeconds = 86_400),
    [`threshold-changed ${access} timing.rollbackWindowSeconds`],
  ],
  [
    'an account that is no longer fenced',
    (m) => m.accounts.write.splice(1, 1),
    [`fence-narrowed ${access} accounts.write.billing_worker`],
  ],
  [
    'an account that the fence leaves alone',
    (m) => m.accounts.allowed.push('reporting'),
    [`fence-narrowed ${access} accounts.allowed.reporting`],
  ],
  [
    'a writer that is no longer paused',
    (m) => m.writers.splice(0, 1),
    [`fence-narrowed ${access} writers.invoice-consumer`],
  ],
  [
    'a waiver',
    (m) => m.waivers.push({ table: 'billing.log', check: 'table-without-key', reason: 'append only' }),
    [`gate-loosened ${access} tables.waivers.billing.log table-without-key`],
  ],
  [
    'an alarm that rings later',
    (m) => (m.alarms.latencySeconds = 600),
    ['Source', 'Target'].map((side) => `alarm-loosened production/billing-observability AlarmLatency${side}*`),
  ],
  [
    'another client of the database',
    (_m, environment) => environment.network.clientCidrs.push('10.99.0.0/16'),
    [`network-widened ${database} DatabaseAccessEFE4F4C3`],
  ],
  [
    'another person who may run the runbooks',
    (_m, environment) => environment.runbookAccess.principalArns.push('arn:aws:iam::333333333333:role/other'),
    [`access-widened ${access} RunbookRole*`, `access-widened ${access} StatusRole*`],
  ],
  [
    'another account, whose login the runbooks may read',
    (m) => m.accounts.read.push({ name: 'billing_audit' }),
    [`access-widened ${access} RunbookRolePolicy*`, `access-widened ${access} StatusRolePolicy*`],
  ],
  [
    'a journal that can be deleted',
    (_m, environment) => delete environment.journal.objectLockDays,
    ['protection-lowered production/foundation Journal*', 'stateful-replaced production/foundation Journal*'],
  ],
];

const harmless: [title: string, change: Change][] = [
  ['nothing', () => undefined],
  ['a tag', (_m, environment) => (environment.tags['team'] = 'payments')],
  ['more backups', (m) => (m.target.backupRetentionDays = 30)],
  ['more storage to grow into', (m) => (m.target.maxStorageGiB = 8000)],
  ['an alarm that rings earlier', (m) => (m.alarms.latencySeconds = 60)],
  ['a shorter TTL', (m) => (m.records[0]!.ttlSeconds = 2)],
  ['another subscriber', (_m, environment) => environment.notifications.emails.push('oncall@example.com')],
  ['an account fewer whose login can be read', (m) => (m.accounts.read = [])],
];

/** The id of a construct ends with a digest of its path; `*` stands for it. */
const expectedNames = (patterns: string[], found: string[]) =>
  patterns.map((pattern) =>
    pattern.endsWith('*')
      ? (found.find((name) => new RegExp(`^${pattern.slice(0, -1)}[0-9A-F]{8}$`).test(name)) ?? pattern)
      : pattern,
  );

describe('a review of two assemblies', () => {
  it.each(dangerous)('names exactly what is dangerous: %s', (_title, change, expected) => {
    const found = reviewOf(change).dangers.map((danger) => danger.name);
    expect(found.sort()).toEqual(expectedNames(expected, found).sort());
  });

  it.each(harmless)('says nothing of what is harmless: %s', (_title, change) => {
    expect(reviewOf(change).dangers).toEqual([]);
  });

  it('lists a danger as accepted, with its reason, and still shows it first', () => {
    const name = `gate-loosened ${access} gates.maxLagSeconds`;
    const { dangers, markdown } = reviewOf((m) => (m.gates.maxLagSeconds = 50), { [name]: 'nightly batch', gone: 'x' });
    expect(dangers).toEqual([expect.objectContaining({ name, accepted: 'nightly batch', detail: '5 → 50' })]);
    expect(markdown).toContain('**1 dangerous change, 0 not accepted.**');
    expect(markdown).toContain(
      `| yes: nightly batch | \`${name}\` | a gate would let pass what it refuses today | 5 → 50 |`,
    );
    expect(markdown).toContain('Accepted, but not found any more: `gone`');
    expect(markdown.indexOf('yes: nightly batch')).toBeLessThan(markdown.indexOf('## production'));
  });

  it('refuses a folder that holds no assembly', () => {
    expect(() => reviewAssemblies({ base: '/nonexistent', head: base })).toThrow(/npx cdk synth '\*\*' --output/);
  });
});
