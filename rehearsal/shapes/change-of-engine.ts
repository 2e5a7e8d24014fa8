import type { Transformation } from '../../definition/schema/migration';
import { development } from '../../environments/development';
import { mysqlOf, nameOfEngine } from '../engines/any-engine';
import type { Scenario } from '../scenarios/scenario';
import { LEDGER_SCHEMA } from '../workload/rehearsal-tables';
import { definedVersion } from './defined-version';
import { namesOnTarget } from './names-on-target';
import type { Engines, Preparation, Side } from './shape';

/** What the definition says of a MySQL and a PostgreSQL database that stand: read from both, nothing is changed. */
export async function changeOfEngine(
  engines: Engines,
  scenario: Scenario,
  databases: Readonly<Record<Side, string>>,
): Promise<Preparation> {
  const database = databases.source;
  const source = mysqlOf(engines.source);
  const { engine, version, remark } = definedVersion(source);
  const given = scenario.transformations ?? definedTransformations(scenario.name, database);
  const { schema, renames } = await namesOnTarget(engines, databases, given);
  return {
    included: [database, LEDGER_SCHEMA].map((each) => `${each}.%`),
    transformations: [
      ...given,
      ...renames,
      ...(schema === database || given.some(({ kind }) => kind === 'rename-schema')
        ? []
        : [{ kind: 'rename-schema' as const, schema: database, to: schema }]),
      // What tells the judge when a row came to stand on the source; PostgreSQL tells it otherwise.
      ...['entries', 'jobs'].map(
        (table) => ({ kind: 'drop-column', table: `${LEDGER_SCHEMA}.${table}`, column: 'arrived' }) as const,
      ),
    ],
    waivers: [
      {
        table: `${LEDGER_SCHEMA}.%`,
        check: 'reverse-fitness',
        reason: "rollback lossy in principle; the rehearsal's own clients write nothing there that could not go back",
      },
    ],
    source: { engine, version },
    remarks: [
      `the source is ${nameOfEngine(source)}`,
      ...remark,
      ...(schema === database ? [] : [`${database} is the schema ${schema} of the target`]),
      ...renamed(renames),
    ],
  };
}

const SHOWN_RENAMES = 3;

/** A definition says each of them: what is found out here is told there. */
function renamed(renames: readonly Transformation[]): string[] {
  if (renames.length === 0) return [];
  const shown = renames.slice(0, SHOWN_RENAMES).map((each) => JSON.stringify(each));
  const more = renames.length > SHOWN_RENAMES ? ` and ${renames.length - SHOWN_RENAMES} more` : '';
  return [
    `${renames.length} names of the target differ in capitals or underscores alone; a definition says so with transformations: ` +
      `${shown.join(', ')}${more}`,
  ];
}

/** What the definition of that name transforms of this database. */
const definedTransformations = (migration: string, database: string): Transformation[] =>
  (development.migrations[migration]?.transformations ?? []).filter(
    (each) => !('table' in each) || each.table.startsWith(`${database}.`),
  );
