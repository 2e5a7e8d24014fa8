import { Router } from '../../../../rehearsal/replicator/table-mappings/router';
import { parseTaskSettings } from '../../../../rehearsal/replicator/task-settings';

const locate = (schema: string, table: string, column?: string) => ({
  'schema-name': schema,
  'table-name': table,
  ...(column && { 'column-name': column }),
});
const rule = (type: string, action: string, locator: object, more: object = {}) => ({
  'rule-type': type,
  'rule-id': '1',
  'rule-name': 'r',
  'rule-action': action,
  'object-locator': locator,
  ...more,
});
const router = (...rules: object[]) => new Router(JSON.stringify({ rules }), parseTaskSettings('{}'));
const tables = (...names: string[]) =>
  names.map((name) => {
    const [schema, table] = name.split('.') as [string, string];
    return { name: { schema, table }, keyColumns: ['id'] };
  });
const captured = (made: Router, ...names: string[]) =>
  made.capture(tables(...names), 'Before load').map((route) => `${route.source.schema}.${route.source.table}`);

describe('table mappings', () => {
  it('capture what a rule includes and none excludes', () => {
    const made = router(
      rule('selection', 'include', locate('app', '%')),
      rule('selection', 'exclude', locate('app', 'temp%')),
      rule('selection', 'explicit', locate('flow', 'marker_forward')),
    );
    expect(captured(made, 'app.a', 'app.temp1', 'flow.marker_forward', 'flow.markerXforward', 'other.a')).toEqual([
      'app.a',
      'flow.marker_forward',
    ]);
  });

  it('know the wildcards of DMS', () => {
    const made = router(rule('selection', 'include', locate('a_p', '%[_]forward')));
    expect(captured(made, 'app.m_forward', 'app.mxforward', 'aapp.m_forward')).toEqual(['app.m_forward']);
    expect(captured(router(rule('selection', 'include', locate('%', 'x[^ab].y'))), 'q.xc.y', 'q.xa.y')).toEqual([]);
  });

  it('never capture the engine, nor the control tables that a task writes itself', () => {
    const made = router(rule('selection', 'include', locate('%', '%')));
    expect(
      captured(made, 'pg_catalog.pg_class', 'information_schema.sql_parts', 'awsdms_control.awsdms_status', 'a.b'),
    ).toEqual(['a.b']);
  });

  it('rename schemas, tables and columns, and leave removed columns out of rows and keys', () => {
    const made = router(
      rule('selection', 'include', locate('app', '%')),
      rule('transformation', 'rename', locate('app', '%'), { 'rule-target': 'schema', value: 'billing' }),
      rule('transformation', 'add-suffix', locate('app', 'a'), { 'rule-target': 'table', value: '_v2' }),
      rule('transformation', 'rename', locate('app', 'a', 'id'), { 'rule-target': 'column', value: 'key' }),
      rule('transformation', 'remove-column', locate('app', 'a', 'old'), { 'rule-target': 'column' }),
    );
    made.capture(tables('app.a'), 'Before load');
    const row = { names: ['id', 'old', 'v'], values: ['1', 'x', null] };
    const change = made.translate({ kind: 'insert', table: { schema: 'app', table: 'a' }, row });
    expect(change).toMatchObject({
      route: { target: { schema: 'billing', table: 'a_v2' }, keyColumns: ['key'] },
      row: { names: ['key', 'v'], values: ['1', null] },
    });
    expect(made.statistics[0]).toMatchObject({ name: { schema: 'app', table: 'a' }, inserts: 1 });
  });

  it('drop changes of tables that are not captured, and truncates unless the settings switch them off', () => {
    const include = rule('selection', 'include', locate('app', '%'));
    const table = { schema: 'app', table: 'a' };
    const other = { schema: 'x', table: 'a' };
    expect(router(include).translate({ kind: 'delete', table: other })).toBeUndefined();
    expect(router(include).translate({ kind: 'truncate', tables: [other, table] })).toMatchObject({
      routes: [{ target: table }],
    });
    const off = parseTaskSettings('{"ChangeProcessingDdlHandlingPolicy":{"HandleSourceTableTruncated":false}}');
    const deaf = new Router(JSON.stringify({ rules: [include] }), off);
    expect(deaf.translate({ kind: 'truncate', tables: [table] })).toBeUndefined();
  });

  it('refuse what they would otherwise silently not do', () => {
    const include = rule('selection', 'include', locate('app', '%'));
    expect(() => router({ ...include, filters: [{ 'filter-type': 'source' }] })).toThrow('filters are not supported');
    expect(() =>
      router(include, rule('transformation', 'add-column', locate('a', 'b'), { 'rule-target': 'column' })),
    ).toThrow('rule-action');
    expect(() => new Router('{"rules":', parseTaskSettings('{}'))).toThrow('not JSON');
    expect(() =>
      router(rule('transformation', 'rename', locate('a', 'b'), { 'rule-target': 'table', value: 'c' })),
    ).toThrow('no selection rule');
  });
});
