import type { Client } from 'pg';
import { type Column, readCatalogue } from '../../workload/catalogue';
import { narrow } from './mysql-column';
import type { Kind } from './neutral-table';
import { understood } from './rules';
import type { SideColumn, SideTable } from './side-table';
import { writtenBy } from './written-by';

const INTEGERS: Record<string, bigint> = { int2: 2n ** 15n, int4: 2n ** 31n, int8: 2n ** 63n };

const CHECKS = `
SELECT n.nspname || '.' || c.relname AS id, pg_get_constraintdef(k.oid) AS clause,
       (SELECT array_agg(a.attname::text) FROM pg_attribute a WHERE a.attrelid = c.oid AND a.attnum = ANY (k.conkey)) AS columns
  FROM pg_constraint k JOIN pg_class c ON c.oid = k.conrelid JOIN pg_namespace n ON n.oid = c.relnamespace
 WHERE k.contype = 'c'`;

const TRIGGERS = `
SELECT n.nspname AS schema, p.prosrc AS body
  FROM pg_trigger t JOIN pg_class c ON c.oid = t.tgrelid JOIN pg_namespace n ON n.oid = c.relnamespace
  JOIN pg_proc p ON p.oid = t.tgfoid
 WHERE NOT t.tgisinternal`;

interface Check {
  id: string;
  clause: string;
  columns: string[];
}

/** Reads every table outside the system's, the rehearsal's and the runbook's own schemas. */
export async function readPostgresCatalogue(administrator: Client, account: string): Promise<SideTable[]> {
  const { rows: checks } = await administrator.query<Check>(CHECKS);
  const { rows: triggers } = await administrator.query<{ schema: string; body: string }>(TRIGGERS);
  const written = new Set(triggers.flatMap(({ schema, body }) => writtenBy(body, schema)));
  return (await readCatalogue(administrator, account, undefined)).map((table) => {
    const [schema = '', name = ''] = [table.id.split('.')[0], table.id.slice(table.id.indexOf('.') + 1)];
    const ofTable = checks.filter((check) => check.id === table.id);
    return {
      ...{ schema, table: name },
      columns: table.columns.map((column) => sideColumn(column, ofTable)),
      primary: table.key,
      uniques: table.uniques,
      foreignKeys: table.foreignKeys,
      hasAfterTriggers: table.hasAfterTriggers,
      writtenByTriggers: written.has(table.id),
    };
  });
}

function sideColumn(column: Column, checks: Check[]): SideColumn {
  const { name, type, base, notNull, computed, keyMaker } = column;
  const rules = checks.filter((check) => check.columns.includes(name));
  // That a list of labels is known from the other side is for the trial to find out.
  const limits = rules.map((rule) => (rule.columns.length > 1 ? undefined : understood(rule.clause, name, true)));
  const integer = INTEGERS[base];
  const fraction = /^time(?:stamp)?\((\d)\)/.exec(type)?.[1];
  const described: SideColumn = {
    name,
    type,
    kinds: kindsOf(column),
    notNull,
    computed,
    makesKeys: keyMaker === 'sequence',
    restricted: (column.restricted && rules.length === 0) || limits.includes(undefined),
    ...(integer !== undefined && { range: [-integer, integer - 1n] }),
    ...(column.maxLength !== null && { maxLength: column.maxLength }),
    ...(column.precision !== null && { precision: column.precision }),
    ...(column.scale !== null && { scale: column.scale }),
    ...(column.labels !== null && { labels: column.labels }),
    ...(base === 'bpchar' && { padded: true }),
    ...(fraction !== undefined && { fraction: Number(fraction) }),
    ...(base === 'float4' && { single: true }),
  };
  if (base === 'numeric' && (column.scale ?? 0) === 0) {
    const most = 10n ** BigInt(column.precision ?? 30) - 1n;
    described.range = [-most, most];
  }
  for (const each of limits) if (each) narrow(described, each);
  return described;
}

function kindsOf({ base, element, labels }: Column): Kind[] {
  if (element !== null) return ['other'];
  if (labels !== null) return ['label'];
  switch (base) {
    case 'bool':
      return ['boolean'];
    case 'int2':
    case 'int4':
    case 'int8':
      return ['integer'];
    case 'numeric':
      return ['decimal', 'integer'];
    case 'float4':
    case 'float8':
      return ['float'];
    case 'text':
    case 'varchar':
    case 'bpchar':
    case 'citext':
      return ['text', 'label', 'json'];
    case 'date':
      return ['date'];
    case 'timestamp':
    case 'timestamptz':
      return ['timestamp'];
    case 'time':
      return ['time'];
    case 'bytea':
      return ['bytes'];
    case 'uuid':
      return ['uuid'];
    case 'json':
    case 'jsonb':
      return ['json'];
    case 'bit':
    case 'varbit':
      return ['bits'];
    default:
      return ['other'];
  }
}
