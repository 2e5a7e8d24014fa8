import { ddlOf } from '../across/ddl';
import type { ModelColumn } from '../across/model';

/** A question about each row of a table, asked inside MySQL. */
export interface Probe {
  readonly column: string;
  /** True of a row that the target would not take, or would take as something else. */
  readonly condition: string;
  /** What is wrong, what DMS would do with it, and what to do. */
  readonly found: string;
  readonly effect: string;
  readonly remedy: string;
  /** Taken as it is, but found otherwise than before: said, and no reason to stop. */
  readonly isNote?: boolean;
}

const { name: quote, literal } = ddlOf.mysql;
const asBytes = (column: string): string => `CAST(CONVERT(${column} USING utf8mb4) AS BINARY)`;

/** What is asked of a column of MySQL beside its counterpart on PostgreSQL. */
export function probesOf(source: ModelColumn, target: ModelColumn, isKey = false): Probe[] {
  const column = quote(source.name);
  const probe = (condition: string, found: string, effect: string, remedy: string): Probe => ({
    ...{ column: source.name, condition, found, effect, remedy },
  });
  const [from, into] = [source.capacity, target.capacity];
  const probes: Probe[] = [];
  const isText = source.type.characterSet !== undefined && from.kind !== 'labels' && from.kind !== 'set';

  if (from.kind === 'moment')
    probes.push(
      probe(
        `YEAR(${column}) = 0 OR MONTH(${column}) = 0 OR DAYOFMONTH(${column}) = 0`,
        'zero or partial dates',
        'DMS writes NULL for them, or stops where that is not allowed',
        'replace them by NULL or by a day that exists',
      ),
    );
  if (from.kind === 'time')
    probes.push(
      probe(
        `${column} < '00:00:00' OR ${column} > '24:00:00'`,
        'times below zero or beyond 24 hours',
        'PostgreSQL refuses them',
        'keep durations as a number, or correct them',
      ),
    );
  if (source.type.name === 'bigint' && into.kind === 'integer' && from.kind === 'integer' && from.most > into.most)
    probes.push(
      probe(
        `${column} > ${into.most}`,
        `numbers above ${into.most}`,
        'DMS writes another number',
        'declare numeric(20) on the target',
      ),
    );
  if (from.kind === 'boolean' && into.kind === 'boolean' && source.type.name === 'tinyint')
    probes.push(
      probe(
        `${column} NOT IN (0, 1)`,
        'numbers other than 0 and 1 in a boolean',
        'all of them become true',
        'declare smallint on the target, or make them 0 or 1',
      ),
    );
  if (from.kind === 'labels') {
    const allowed = into.kind === 'labels' ? into.labels : from.labels;
    const list = allowed.map((label) => `BINARY ${literal(label)}`).join(', ');
    probes.push(
      probe(
        `${column} + 0 = 0 OR ${asBytes(column)} NOT IN (${list || 'NULL'})`,
        'values that are no label of the target, or the empty one that MySQL keeps for errors',
        'PostgreSQL refuses them',
        'add the label on the target, or correct the rows',
      ),
    );
  }
  if (isText) {
    probes.push(
      probe(`LOCATE(0x00, ${asBytes(column)}) > 0`, 'NUL characters', 'PostgreSQL refuses them', 'take them out'),
      probe(
        `NOT (CAST(${column} AS BINARY) <=> CAST(CONVERT(CAST(${column} AS BINARY) USING ${source.type.characterSet}) AS BINARY))`,
        `bytes that are no text in ${source.type.characterSet}`,
        'DMS replaces or refuses them',
        'write them again in the declared character set',
      ),
    );
    if (
      into.kind === 'text' &&
      into.characters !== undefined &&
      (from.kind !== 'text' || (from.characters ?? Infinity) > into.characters)
    )
      probes.push(
        probe(
          `CHAR_LENGTH(${column}) > ${into.characters}`,
          `texts of more than ${into.characters} characters`,
          'PostgreSQL refuses them',
          'widen the column of the target',
        ),
      );
    const trailing = `CHAR_LENGTH(${column}) > CHAR_LENGTH(TRIM(TRAILING ' ' FROM ${column}))`;
    if (from.kind === 'text' && !from.padded && into.kind === 'text' && into.padded)
      probes.push(
        probe(trailing, 'trailing spaces', 'a char of PostgreSQL does not keep them', 'declare varchar on the target'),
      );
    else if (isKey && source.folds?.padding && into.kind === 'text')
      probes.push({
        ...probe(
          trailing,
          'trailing spaces in a key',
          'PostgreSQL finds these only by what ends in as many spaces',
          'take them out on the source, or see to it that the application asks so',
        ),
        isNote: true,
      });
    if (into.kind === 'labels')
      probes.push(
        probe(
          `${asBytes(column)} NOT IN (${into.labels.map((label) => `BINARY ${literal(label)}`).join(', ')})`,
          'values that are no label of the target',
          'PostgreSQL refuses them',
          'add the label on the target, or correct the rows',
        ),
      );
    if (into.kind === 'uuid')
      probes.push(
        probe(
          `${column} NOT REGEXP '^[0-9A-Fa-f]{8}-?[0-9A-Fa-f]{4}-?[0-9A-Fa-f]{4}-?[0-9A-Fa-f]{4}-?[0-9A-Fa-f]{12}$'`,
          ...([
            'texts that are no UUID',
            'PostgreSQL refuses them',
            'correct them, or declare text on the target',
          ] as const),
        ),
      );
    if (into.kind === 'json')
      probes.push(
        probe(
          `NOT JSON_VALID(${column})`,
          'texts that are no JSON',
          'PostgreSQL refuses them',
          'correct them, or declare text on the target',
        ),
      );
  }
  if (target.type.name === 'jsonb')
    probes.push(
      probe(
        // Two backslashes are one that is meant as such.
        `LOCATE('\\\\u0000', REPLACE(${column}, '\\\\\\\\', '')) > 0`,
        'JSON with \\u0000',
        'jsonb refuses it',
        'take it out, or declare json on the target',
      ),
    );
  return probes;
}
