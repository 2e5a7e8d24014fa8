import { UsageError } from '../../ports/failures';
import type { SequenceReading, Sequences } from '../../ports/sequences';
import { tableSelector } from '../table-selector';
import { fedColumns } from './fed-columns';
import { highestStored } from './highest-stored';
import { migratedTables } from './migrated-tables';
import { effectOn } from '../database/side';
import type { PostgresSide } from './postgres-side';
import type { TextRow } from './reading-pool';

/**
 * Every sequence; `belongs` where it is owned by one of the tables in $1 or a default of theirs draws from it. One that
 * feeds a narrower column ends where the column does.
 */
const everySequence = `SELECT s.oid::text, n.nspname AS schema, s.relname AS sequence,
    format('%I.%I', n.nspname, s.relname) AS name, q.seqincrement::text AS increment,
    least(q.seqmax, (
      SELECT min(CASE a.atttypid WHEN 'int2'::regtype THEN 32767 WHEN 'int4'::regtype THEN 2147483647 END::bigint)
        FROM pg_depend d LEFT JOIN pg_attrdef f ON d.classid = 'pg_attrdef'::regclass AND f.oid = d.objid
        JOIN pg_attribute a ON (a.attrelid, a.attnum) = (coalesce(f.adrelid, d.refobjid), coalesce(f.adnum, d.refobjsubid))
       WHERE (d.classid = 'pg_class'::regclass AND d.objid = s.oid AND d.deptype IN ('a', 'i') AND d.refobjsubid > 0
              AND d.refclassid = 'pg_class'::regclass)
          OR (f.oid IS NOT NULL AND d.refclassid = 'pg_class'::regclass AND d.refobjid = s.oid)))::text AS maximum,
    (EXISTS (
      SELECT FROM pg_depend d
       WHERE d.classid = 'pg_class'::regclass AND d.objid = s.oid AND d.deptype IN ('a', 'i')
         AND d.refclassid = 'pg_class'::regclass AND d.refobjid = ANY ($1::oid[]))
    OR EXISTS (
      SELECT FROM pg_depend d JOIN pg_attrdef f ON f.oid = d.objid
       WHERE d.classid = 'pg_attrdef'::regclass AND d.refclassid = 'pg_class'::regclass AND d.refobjid = s.oid
         AND f.adrelid = ANY ($1::oid[])))::text AS belongs
  FROM pg_class s JOIN pg_namespace n ON n.oid = s.relnamespace JOIN pg_sequence q ON q.seqrelid = s.oid
  WHERE s.relpersistence <> 't'
  ORDER BY n.nspname, s.relname`;

/**
 * The sequences that must not fall back: those of the migrated tables, and those that the same patterns select by their
 * own name, since an application may call nextval itself.
 */
export async function migratedSequences(side: PostgresSide, signal: AbortSignal): Promise<TextRow[]> {
  const tables = await migratedTables(side, signal);
  const selects = tableSelector(side.manifest, side.side);
  const rows = await side.reading.rows(everySequence, [tables.map((table) => table.oid)], signal);
  return rows.filter((row) => row['belongs'] === 'true' || selects(row['schema'] as string, row['sequence'] as string));
}

/**
 * `last_value` of the sequence itself, not of pg_sequences: only there a value that was set without being given out
 * (`setval(…, false)`, RESTART WITH) is told from a sequence that was never used.
 */
const valueOf = (quoted: string, increment: string) =>
  `SELECT CASE WHEN is_called THEN last_value::numeric ELSE last_value::numeric - (${BigInt(increment)}) END::text AS last FROM ${quoted}`;

export function sequences(side: PostgresSide): Sequences {
  const readSequences = async (signal: AbortSignal): Promise<SequenceReading[]> => {
    const found = await migratedSequences(side, signal);
    if (found.length === 0) return [];
    const down = found.find((row) => BigInt(row['increment'] as string) < 0n);
    if (down)
      throw new UsageError(
        'descending-sequence',
        `sequence ${down['name']} on the ${side.title} counts down by ${down['increment']}; only sequences that count up are moved`,
        { next: `ALTER SEQUENCE ${down['name']} INCREMENT BY 1 … above its values, or exclude its table` },
      );
    const each = found.map((row) => valueOf(row['name'] as string, row['increment'] as string));
    const values = await side.reading.rows(
      each.map((text, index) => `SELECT ${index}::int AS place, v.last FROM (${text}) v`).join(' UNION ALL '),
      [],
      signal,
    );
    const last = new Map(values.map((row) => [Number(row['place']), row['last'] as string]));
    const fed = await fedColumns(side, signal);
    return found.map((row, index) => ({
      name: row['name'] as string,
      feeds: fed.filter(({ sequence }) => sequence === row['name']).map(({ nameOnSource }) => nameOnSource),
      lastValue: last.get(index) as string,
      increment: row['increment'] as string,
      maximum: row['maximum'] as string,
    }));
  };

  const mustTake = (known: ReadonlyMap<string, SequenceReading>, name: string, value: string): SequenceReading => {
    const sequence = known.get(name);
    if (!sequence) throw new Error(`${name} is no sequence of the migrated tables on the ${side.title}`);
    if (BigInt(value) > BigInt(sequence.maximum))
      throw new Error(
        `sequence ${name} on the ${side.title} cannot be set to ${value}: its maximum is ${sequence.maximum}`,
      );
    return sequence;
  };

  return {
    readSequences,
    highestStored: (signal) => highestStored(side, signal),

    advanceSequences: (wanted) => {
      const areReached = async (signal: AbortSignal) => {
        const present = new Map((await readSequences(signal)).map((one) => [one.name, BigInt(one.lastValue)]));
        return [...wanted].every(([name, value]) => (present.get(name) ?? BigInt(value) - 1n) >= BigInt(value));
      };
      return effectOn(side, 'advance-sequences', {
        touches: `${wanted.size} sequences on the ${side.title}`,
        precheck: areReached,
        act: async (effects, signal) => {
          const known = new Map((await readSequences(signal)).map((one) => [one.name, one]));
          // All are looked at before the first is moved: setval is not undone by a rollback.
          const moves = [...wanted].map(([name, value]) => ({ sequence: mustTake(known, name, value), value }));
          await effects.transaction(signal, async (statement) => {
            // Sent together: one round trip, however many there are.
            await Promise.all(
              moves.map(({ sequence, value }) =>
                statement(
                  `SELECT setval($1::regclass, $2::bigint) FROM (${valueOf(sequence.name, sequence.increment)}) v
                    WHERE v.last::numeric < $2::bigint`,
                  [sequence.name, value],
                ),
              ),
            );
          });
        },
        verify: areReached,
      });
    },
  };
}
