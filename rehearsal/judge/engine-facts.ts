import type { NeutralTable } from '../application/model/neutral-table';
import type { Side } from '../workload/configuration';
import { Session } from '../workload/session';
import { entryName, type LedgerView } from './ledger-view';
import { mysqlFacts, neutralName } from './mysql-facts';
import { isMysql, type SideConnection } from './side-connection';
import type { EngineFacts, SideFacts } from './side-facts';

export type { EngineFacts, SideFacts } from './side-facts';

const BATCH = 20_000;
const INSTANT = (xid: string) => `extract(epoch FROM pg_xact_commit_timestamp(${xid})) * 1000`;

/**
 * Needs `track_commit_timestamp = on` on PostgreSQL. Where the engines differ, `tables` are what stands on both. Throws
 * when a side cannot be asked.
 */
export async function gatherFacts(
  ledger: LedgerView,
  connections: Record<Side, SideConnection>,
  writeAccounts: string[],
  tables?: readonly NeutralTable[],
): Promise<EngineFacts> {
  const [source, target] = await Promise.all(
    (['source', 'target'] as const).map(async (side) => {
      const connection = connections[side];
      if (isMysql(connection)) return mysqlFacts(connection, side, ledger, writeAccounts, tables ?? []);
      const session = await Session.open(connection);
      try {
        const facts = await factsOf(session, xidsOf(ledger, side), writeAccounts);
        return tables ? { ...facts, sequences: await sequencesByColumn(session, tables, side) } : facts;
      } finally {
        session.close();
      }
    }),
  );
  return { source: source as SideFacts, target: target as SideFacts };
}

function xidsOf(ledger: LedgerView, side: Side): string[] {
  return ledger.transactions.flatMap((each) => (each.side === side && each.xid !== null ? [each.xid] : []));
}

async function factsOf(session: Session, xids: string[], writeAccounts: string[]): Promise<SideFacts> {
  const facts: SideFacts = {
    commits: new Map(),
    entries: new Map(),
    probes: [],
    proofs: [],
    unlocked: [],
    sequences: new Map(),
  };
  for (let from = 0; from < xids.length; from += BATCH) {
    const { rows } = await session.run(`SELECT x::text, ${INSTANT('x::xid')} FROM unnest($1::xid8[]) x`, [
      xids.slice(from, from + BATCH),
    ]);
    for (const [xid, at] of rows) if (xid && at) facts.commits.set(xid, Number(at));
  }
  const entries = await session.run(
    `SELECT client, sequence_number::text, ${INSTANT('xmin')} FROM rehearsal_ledger.entries ORDER BY id`,
  );
  for (const [client, sequence, at] of entries.rows) {
    const name = entryName({ client: client ?? '', sequence: Number(sequence) });
    facts.entries.set(name, [...(facts.entries.get(name) ?? []), Number(at)]);
  }
  facts.probes = await instantsOf(session, 'rehearsal_probe.attempts');
  facts.proofs = await instantsOf(session, 'cutover_local.write_proof');
  const accounts = await session.run(
    'SELECT rolname FROM pg_roles WHERE rolname = ANY ($1::text[]) AND rolcanlogin ORDER BY rolname',
    [writeAccounts],
  );
  facts.unlocked = accounts.rows.map(([name]) => name ?? '');
  const sequences = await session.run(
    `SELECT schemaname || '.' || sequencename, last_value::text FROM pg_sequences
      WHERE last_value IS NOT NULL AND increment_by > 0 AND NOT cycle AND schemaname NOT IN ('cutover_local', 'cutover_flow', 'awsdms_control', 'rehearsal_probe')`,
  );
  for (const [name, value] of sequences.rows) facts.sequences.set(name ?? '', BigInt(value ?? '0'));
  return facts;
}

/** Two engines do not call their sequences the same: so each goes by the column that it feeds, in the source's words. */
async function sequencesByColumn(
  session: Session,
  tables: readonly NeutralTable[],
  side: Side,
): Promise<Map<string, bigint>> {
  const { rows } = await session.run(
    `SELECT n.nspname || '.' || c.relname, a.attname, s.last_value::text
       FROM pg_sequences s
       JOIN pg_depend d ON d.objid = format('%I.%I', s.schemaname, s.sequencename)::regclass
        AND d.classid = 'pg_class'::regclass AND d.refclassid = 'pg_class'::regclass AND d.deptype IN ('a', 'i')
       JOIN pg_attribute a ON a.attrelid = d.refobjid AND a.attnum = d.refobjsubid
       JOIN pg_class c ON c.oid = d.refobjid JOIN pg_namespace n ON n.oid = c.relnamespace
      WHERE s.last_value IS NOT NULL AND s.increment_by > 0 AND NOT s.cycle`,
  );
  const sequences = new Map<string, bigint>();
  for (const [table, column, value] of rows) {
    const name = neutralName(tables, side, table ?? '', column ?? '');
    if (name !== undefined) sequences.set(name, BigInt(value ?? '0'));
  }
  return sequences;
}

/** Commit instants of a table's rows; none where the table is not there. */
async function instantsOf(session: Session, table: string): Promise<number[]> {
  const { rows } = await session.run('SELECT to_regclass($1)::text', [table]);
  if (rows[0]?.[0] == null) return [];
  const found = await session.run(`SELECT ${INSTANT('xmin')} AS at FROM ${table} ORDER BY at`);
  return found.rows.map(([at]) => Number(at));
}

/** The sides whose write accounts may log in; exactly one in a sound end. */
export function openSides(facts: EngineFacts): Side[] {
  return (['source', 'target'] as const).filter((side) => facts[side].unlocked.length > 0);
}
