import type { MappingRule } from '../../definition/replication/mapping-rule';
import { replicationRules } from '../../definition/replication-rules';
import type { taskSettings } from '../../definition/replication/task-settings';
import type { Migration } from '../../definition/schema/migration';
import { migrationOf, production } from './refusals';

type Task = 'load' | 'forward' | 'reverse';
type Settings = ReturnType<typeof taskSettings>;
const rulesOf = (migration: Migration, task: Task) =>
  (JSON.parse(replicationRules(migration)[task].tableMappings) as { rules: MappingRule[] }).rules;
const settingsOf = (migration: Migration, task: Task) =>
  JSON.parse(replicationRules(migration)[task].settings) as Settings;
const selected = (migration: Migration, task: Task, action: string) =>
  rulesOf(migration, task)
    .filter((rule) => rule['rule-type'] === 'selection' && rule['rule-action'] === action)
    .map((rule) => `${rule['object-locator']['schema-name']}.${rule['object-locator']['table-name']}`);

const billing = () => migrationOf(production(), 'billing');
const orders = () => migrationOf(production(), 'orders');

describe('what a task selects', () => {
  it.each(['load', 'forward'] as const)('%s: the application and what flows forward', (task) => {
    expect(selected(billing(), task, 'include')).toEqual(['billing.%', 'cutover_flow.%_forward']);
  });

  it('reverse: the application and what flows back', () => {
    expect(selected(billing(), 'reverse', 'include')).toEqual(['billing.%', 'cutover_flow.%_reverse']);
  });

  it.each(['load', 'forward', 'reverse'] as const)('%s: never the state of one side', (task) => {
    expect(selected(billing(), task, 'exclude')).toContain('cutover_local.%');
  });

  it('leaves out what the definition excludes', () => {
    expect(selected(orders(), 'load', 'exclude')).toContain('orders.tmp_%');
  });

  it('loads once, and follows from given positions', () => {
    const rules = replicationRules(billing());
    expect([rules.load, rules.forward, rules.reverse].map((task) => task.migrationType)).toEqual([
      'full-load-and-cdc',
      'cdc',
      'cdc',
    ]);
  });
});

describe('transformations', () => {
  const renamed = (): Migration => ({
    ...orders(),
    tables: { include: ['orders.old_%'], exclude: [] },
    transformations: [
      { kind: 'rename-schema', schema: 'orders', to: 'shop' },
      { kind: 'rename-table', table: 'orders.old_customer', to: 'customer' },
      { kind: 'rename-column', table: 'orders.old_customer', column: 'nm', to: 'name' },
      { kind: 'drop-column', table: 'orders.old_customer', column: 'trash' },
      { kind: 'add-column', table: 'orders.old_customer', column: 'shouted' },
      { kind: 'microseconds-to-interval', table: 'orders.old_customer', column: 'us', to: 'span' },
      {
        ...{ kind: 'convert-column', table: 'orders.old_customer', column: 'cents', to: 'amount' },
        ...{ forward: '$value / 100.0', reverse: '($value * 100)::int8' },
      },
    ],
  });
  const transformations = (task: Task) =>
    rulesOf(renamed(), task).filter((rule) => rule['rule-type'] === 'transformation');

  it('are located by the names of the source on the way forward', () => {
    expect(transformations('forward')).toMatchObject([
      {
        'rule-action': 'rename',
        'rule-target': 'schema',
        'object-locator': { 'schema-name': 'orders' },
        value: 'shop',
      },
      { 'rule-target': 'table', 'object-locator': { 'table-name': 'old_customer' }, value: 'customer' },
      { 'rule-target': 'column', 'object-locator': { 'column-name': 'nm' }, value: 'name' },
      { 'rule-action': 'remove-column', 'object-locator': { 'column-name': 'trash' } },
    ]);
  });

  it('are located by the names of the target on the way back', () => {
    expect(transformations('reverse')).toMatchObject([
      { 'rule-target': 'schema', 'object-locator': { 'schema-name': 'shop' }, value: 'orders' },
      { 'object-locator': { 'schema-name': 'shop', 'table-name': 'customer' }, value: 'old_customer' },
      { 'object-locator': { 'schema-name': 'shop', 'table-name': 'customer', 'column-name': 'name' }, value: 'nm' },
      { 'rule-action': 'remove-column', 'object-locator': { 'table-name': 'customer', 'column-name': 'shouted' } },
      { 'rule-action': 'remove-column', 'object-locator': { 'table-name': 'customer', 'column-name': 'span' } },
      { 'rule-action': 'remove-column', 'object-locator': { 'table-name': 'customer', 'column-name': 'amount' } },
    ]);
    expect(selected(renamed(), 'reverse', 'include')).toEqual([
      'shop.old_%',
      'shop.customer',
      'cutover_flow.%_reverse',
    ]);
  });

  it('number their rules without a gap or a double', () => {
    const ids = rulesOf(renamed(), 'forward').map((rule) => rule['rule-id']);
    expect(ids).toEqual(ids.map((_, index) => String(index + 1)));
  });
});

describe('task settings', () => {
  it.each(['load', 'forward', 'reverse'] as const)('%s: no row is lost in silence', (task) => {
    const { ErrorBehavior } = settingsOf(billing(), task);
    const policies = Object.entries(ErrorBehavior).filter(([name]) => name.endsWith('Policy'));
    expect(policies).toHaveLength(9);
    for (const [, policy] of policies) expect(['SUSPEND_TABLE', 'STOP_TASK']).toContain(policy);
    expect(ErrorBehavior.FailOnNoTablesCaptured).toBe(true);
  });

  it('never truncate a large object whose size nobody declared', () => {
    expect(settingsOf(billing(), 'load').TargetMetadata).toMatchObject({
      FullLobMode: true,
      LimitedSizeLobMode: false,
    });
  });

  it('validate what they limit', () => {
    const migration = billing();
    migration.replication.maxLobKilobytes = 64;
    const settings = settingsOf(migration, 'load');
    expect(settings.TargetMetadata).toMatchObject({ FullLobMode: false, LimitedSizeLobMode: true, LobMaxSize: 64 });
    expect(settings.ValidationSettings.ValidationPartialLobSize).toBe(64);
  });

  it('keep the control tables in their own schema', () => {
    expect(settingsOf(billing(), 'reverse').ControlTablesSettings).toMatchObject({
      ControlSchema: 'awsdms_control',
      StatusTableEnabled: true,
      SuspendedTablesTableEnabled: true,
    });
  });

  it('never batch on the way back', () => {
    const migration = billing();
    migration.replication.batchApply = true;
    expect(settingsOf(migration, 'forward').TargetMetadata.BatchApplyEnabled).toBe(true);
    expect(settingsOf(migration, 'reverse').TargetMetadata.BatchApplyEnabled).toBe(false);
  });
});
