import type { Manifest } from '../../definition/manifest/sections';
import type { SqlReader } from '../ports/sql-reader';
import { accountFactQueries } from './account-facts';
import { databaseFactQueries } from './database-facts';
import { compareFacts, type Difference, type Fact, type Judgement } from './difference';
import { schemaFactQueries } from './schema-facts';
import { selectedTables } from './selected-tables';
import { tableFactQueries } from './table-facts';

export type { Difference } from './difference';

export interface SchemaComparison {
  /** The side whose schema is the model. */
  readonly primary: SqlReader;
  readonly other: SqlReader;
  readonly tables: Manifest['tables'];
  /** Application accounts whose grants must be the same. */
  readonly accounts: readonly string[];
  /** Is the model the source of the migration? The definition names tables as the source does. */
  readonly primaryIsSource?: boolean;
  readonly signal: AbortSignal;
}

/**
 * What replication does not bring, compared between two PostgreSQL databases: everything that hangs on the selected
 * tables and stands in their schemas, the declared accounts' grants, extensions, encoding and parameters. What majors
 * print or build differently is not a difference.
 */
export async function compareSchemas(on: SchemaComparison): Promise<Difference[]> {
  const primaryIsSource = on.primaryIsSource ?? true;
  const [primary, other] = await Promise.all([
    readFacts(on.primary, on, primaryIsSource),
    readFacts(on.other, on, !primaryIsSource),
  ]);
  return compareFacts(primary, other, judgementOf);
}

const blocks: Judgement = { missing: 'blocks', extra: 'blocks', different: 'blocks' };
const judgements: Readonly<Record<string, Judgement>> = {
  index: { ...blocks, extra: 'note' },
  view: { ...blocks, extra: 'note' },
  'materialized view': { ...blocks, extra: 'note' },
  routine: { ...blocks, extra: 'note' },
  sequence: { ...blocks, extra: 'note' },
  enum: { ...blocks, extra: 'note' },
  domain: { ...blocks, extra: 'note' },
  'composite type': { ...blocks, extra: 'note' },
  extension: { ...blocks, extra: 'note' },
  'version of extension': { missing: 'note', extra: 'note', different: 'note' },
  collation: { ...blocks, different: 'note' },
  'character classes': { ...blocks, different: 'note' },
};
const parameter: Judgement = { missing: 'note', extra: 'note', different: 'blocks' };
const judgementOf = (kind: string): Judgement =>
  kind.startsWith('parameter ') ? parameter : (judgements[kind] ?? blocks);

// Names in printed definitions are qualified when nothing is on the path; the one-time filter sets that before anything is printed.
const qualified = (query: string) =>
  `SELECT id, object, kind, detail, ddl, to_jsonb(facts)->>'parent' AS parent FROM (${query}) facts
   WHERE (SELECT set_config('search_path', 'pg_catalog', true)) IS NOT NULL AND detail IS NOT NULL ORDER BY id COLLATE "C"`;

async function readFacts(reader: SqlReader, on: SchemaComparison, isSource: boolean): Promise<Fact[]> {
  const { oids, schemas } = await selectedTables(reader, on.tables, isSource, on.signal);
  const facts: Fact[] = [];
  const read = async (queries: readonly string[], values: readonly unknown[]) => {
    for (const query of queries) {
      for (const row of await reader.query(qualified(query), values, on.signal)) facts.push(factOf(row));
    }
  };
  await read(tableFactQueries, [oids]);
  await read(schemaFactQueries, [schemas]);
  await read(accountFactQueries, [oids, schemas, on.accounts]);
  await read(databaseFactQueries, []);
  return facts;
}

const factOf = (row: Record<string, string | null>): Fact => ({
  id: row.id ?? '',
  object: row.object ?? '',
  kind: row.kind ?? '',
  detail: row.detail ?? '',
  ddl: row.ddl ?? undefined,
  parent: row.parent ?? undefined,
});
