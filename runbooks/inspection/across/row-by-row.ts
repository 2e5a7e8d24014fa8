import type { Difference } from '../difference';
import { ddlOf } from './ddl';
import { titleOf, type ModelIndex, type ModelTable } from './model';
import type { TablePair } from './table-pair';

/** What a side does in its own way, and replication, which brings one row after the other, cannot repeat on the other side. */
export function notRowByRow({ primary, other, object }: TablePair): Difference[] {
  const onPrimary = found(primary).map(({ kind, text }): Difference => ({
    object,
    kind,
    onPrimary: text,
    severity: 'blocks',
  }));
  const onOther = found(other).map(({ kind, text, ddl }): Difference => ({
    object,
    kind,
    onOther: text,
    severity: 'blocks',
    ddl,
  }));
  return [...onPrimary, ...onOther];
}

interface Found {
  readonly kind: string;
  readonly text: string;
  readonly ddl?: string;
}

function found(table: ModelTable): Found[] {
  const deferrable = table.indexes
    .filter(({ isUnique, isDeferrable }) => isUnique && isDeferrable)
    .map((index): Found => ({
      kind: `deferrable unique key ${index.name}`,
      text: 'rows that exchange their keys pass here, and are refused one by one on the other side',
      ddl: checkedAtOnce(table, index),
    }));
  if (!table.isVersioned) return deferrable;
  return [
    ...deferrable,
    {
      kind: 'system versioning',
      text: 'its binlog holds a deleted row as an updated one, and old versions as new rows',
      ddl: `ALTER TABLE ${ddlOf.mysql.table(titleOf(table))} DROP SYSTEM VERSIONING;`,
    },
  ];
}

function checkedAtOnce(table: ModelTable, { name, isPrimary, columns }: ModelIndex): string {
  const { name: quote, table: quoteTable } = ddlOf.postgres;
  const key = `${isPrimary ? 'PRIMARY KEY' : 'UNIQUE'} (${columns.map((column) => quote(column ?? '')).join(', ')})`;
  return `ALTER TABLE ${quoteTable(titleOf(table))} DROP CONSTRAINT ${quote(name)}, ADD CONSTRAINT ${quote(name)} ${key};`;
}
