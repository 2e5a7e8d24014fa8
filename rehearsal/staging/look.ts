import { administered, adoptEngine } from './adopted-engine';
import { administratorOf, mysqlOf, postgresOf } from '../engines/any-engine';
import type { DatabaseEndpoint } from '../application/database';
import type { NeutralTable } from '../application/model/neutral-table';
import { readModel } from '../application/model/read-model';
import { stays, type Scenario } from '../scenarios/scenario';
import { changeOfEngine } from '../shapes/change-of-engine';
import type { Engines, Preparation } from '../shapes/shape';
import type { Findings, Problem } from './findings';
import { isFree } from './hold';
import { lookAtMysql } from './look-at-mysql';
import { lookAtPostgres } from './look-at-postgres';
import { madeAccounts, madeSlots } from './made-names';
import type { StagingDatabase, StagingPair } from './staging-pair';

/** What stands on both servers and what a rehearsal would meet there. */
export interface Look {
  readonly source: Findings;
  readonly target: Findings;
  readonly preparation: Preparation;
  /** Tables that would move. */
  readonly tables: readonly NeutralTable[];
  /** Tables of the target that hold rows. */
  readonly filled: readonly string[];
  readonly problems: readonly (Problem & { readonly side: 'source' | 'target' })[];
}

/** Connections that a rehearsal has on each server beside those of its clients. */
const furtherConnections = 40;

/** Looks at both servers, before anything is written there: it only reads. `held`: the lock on them is our own. */
export async function lookAtStaging(pair: StagingPair, scenario: Scenario, held = false): Promise<Look> {
  const engines: Engines = { source: await adoptEngine(pair.source, ''), target: await adoptEngine(pair.target, '') };
  const common = { connections: scenario.workload.clients + furtherConnections };
  const slots = madeSlots(scenario);
  const [source, target] = await Promise.all([
    lookAt(pair.source, held, (session) =>
      lookAtMysql(session, mysqlOf(engines.source), { ...common, accounts: madeAccounts(scenario, 'source') }),
    ),
    lookAt(pair.target, held, (session) =>
      lookAtPostgres(session, postgresOf(engines.target), {
        ...common,
        accounts: madeAccounts(scenario, 'target'),
        slots,
      }),
    ),
  ]);
  const preparation = await changeOfEngine(engines, scenario, {
    source: pair.source.database,
    target: pair.target.database,
  });
  const tables = (await modelOf(pair, engines, preparation)).filter(
    ({ id }) => !stays(scenario, id) && !id.startsWith('rehearsal_'),
  );
  const filled = await filledTables(pair.target, tables);
  return {
    ...{ source, target, preparation, tables, filled },
    problems: [
      ...source.problems.map((problem) => ({ side: 'source' as const, ...problem })),
      ...target.problems.map((problem) => ({ side: 'target' as const, ...problem })),
      ...(tables.length > 0 ? [] : [noTables(pair)]),
      ...(filled.length === 0 || pair.emptiesTarget ? [] : [rowsStand(filled)]),
    ],
  };
}

async function lookAt(
  database: StagingDatabase,
  held: boolean,
  look: (session: Awaited<ReturnType<typeof administered>>) => Promise<Findings>,
): Promise<Findings> {
  const session = await administered(database);
  try {
    const free = held || (await isFree(session, database.family));
    const findings = await look(session);
    const busy = { what: 'another rehearsal is at work there', mend: 'wait until it has ended' };
    return free ? findings : { ...findings, problems: [busy, ...findings.problems] };
  } finally {
    await session.close();
  }
}

function modelOf(pair: StagingPair, engines: Engines, { transformations }: Preparation) {
  const of = (side: 'source' | 'target') => {
    const { family, host, port, database, tlsServerName, certificateAuthorityPem: caCertificatePem } = pair[side];
    const endpoint: DatabaseEndpoint = { family, host, port, database, tlsServerName, caCertificatePem };
    return { ...endpoint, administrator: administratorOf(engines[side]) };
  };
  return readModel(of('source'), of('target'), transformations);
}

const quoted = (name: string): string => `"${name.replaceAll('"', '""')}"`;
/** A table of the target as it stands in a statement. */
export const nameOnTarget = ({ on }: NeutralTable): string => `${quoted(on.target.schema)}.${quoted(on.target.table)}`;

async function filledTables(target: StagingDatabase, tables: readonly NeutralTable[]): Promise<string[]> {
  const session = await administered(target);
  try {
    const filled: string[] = [];
    for (const table of tables) {
      const [row] = await session.query(`SELECT EXISTS (SELECT FROM ${nameOnTarget(table)}) AS filled`);
      if (row?.['filled'] === true) filled.push(`${table.on.target.schema}.${table.on.target.table}`);
    }
    return filled;
  } finally {
    await session.close();
  }
}

const noTables = ({ source, target }: StagingPair) => ({
  side: 'target' as const,
  what: `none of the tables of ${source.database} stands in ${target.database}`,
  mend: 'create its schema first; where its names are others, say so in the file of --workload (transformations)',
});

const rowsStand = (filled: readonly string[]) => ({
  side: 'target' as const,
  what: `rows stand in ${filled.slice(0, 5).join(', ')}${filled.length > 5 ? ` and ${filled.length - 5} more tables` : ''}, where the load brings every row`,
  mend: 'empty them, or let the rehearsal do it: --empty-target',
});
