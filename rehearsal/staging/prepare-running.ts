import { escapeIdentifier as id } from 'pg';
import { mysqlAccounts } from '../databases/mysql/grants';
import { mysqlRehearsalTables } from '../databases/mysql/rehearsal-tables';
import type { DatabaseAccounts } from '../databases/accounts';
import { createRoles, grantOnDatabase, grantOnSchema, grantSequences } from '../databases/roles';
import { administer, mysqlOf, nameOfEngine, postgresOf } from '../engines/any-engine';
import type { Credentials } from '../credentials';
import type { Scenario } from '../scenarios/scenario';
import { databaseAccounts } from '../shapes/database-accounts';
import type { Engines, Preparation } from '../shapes/shape';
import { LEDGER_SCHEMA, rehearsalTablesSql } from '../workload/rehearsal-tables';
import { lookAtStaging, nameOnTarget, type Look } from './look';
import { madeAccounts, ownAccounts } from './made-names';
import { writeNotes, type Note } from './notes';
import type { StagingPair } from './staging-pair';

/** Makes on both servers what a rehearsal needs beside the application's own tables, and notes it there before. */
export async function prepareRunning(
  pair: StagingPair,
  engines: Engines,
  scenario: Scenario,
  credentials: Credentials,
): Promise<Preparation> {
  const look = await lookAtStaging(pair, scenario, true);
  const [problem] = look.problems;
  if (problem) throw new Error(`the ${problem.side} has changed since it was looked at: ${problem.what}`);
  const accounts = databaseAccounts(scenario, credentials, ownAccounts);
  await prepareSource(pair, engines, scenario, accounts, look);
  await prepareTarget(pair, engines, scenario, accounts, look);
  return {
    ...look.preparation,
    accounts: { ...ownAccounts, allowed: [...new Set([...look.source.others, ...look.target.others])] },
    remarks: [...look.preparation.remarks, `the target is ${nameOfEngine(engines.target)}`],
  };
}

function notesOf(scenario: Scenario, side: 'source' | 'target', look: Look): Note[] {
  return [
    { kind: 'run', name: new Date().toISOString() },
    ...madeAccounts(scenario, side).map((name) => ({ kind: 'account' as const, name })),
    ...look[side].kept.map((name) => ({ kind: 'kept' as const, name })),
  ];
}

async function prepareSource(
  { source }: StagingPair,
  engines: Engines,
  scenario: Scenario,
  accounts: DatabaseAccounts,
  look: Look,
): Promise<void> {
  const { database } = source;
  const session = await administer(engines.source, database);
  try {
    await writeNotes(session, 'mysql', notesOf(scenario, 'source', look));
    const statements = mysqlAccounts({ server: mysqlOf(engines.source), database, accounts, fenced: false });
    for (const sql of [...statements, ...mysqlRehearsalTables(accounts)]) await session.query(sql);
  } finally {
    await session.close();
  }
}

async function prepareTarget(
  { target, emptiesTarget }: StagingPair,
  engines: Engines,
  scenario: Scenario,
  accounts: DatabaseAccounts,
  look: Look,
): Promise<void> {
  const { database } = target;
  const { majorVersion } = postgresOf(engines.target);
  const schemas = [...new Set(look.tables.map(({ on }) => on.target.schema))];
  const session = await administer(engines.target, database);
  try {
    await writeNotes(session, 'postgres', notesOf(scenario, 'target', look));
    for (const sql of createRoles({ accounts, majorVersion, fenced: true })) await session.query(sql);
    for (const sql of [
      ...grantOnDatabase(database, accounts),
      ...schemas.flatMap((schema) => [...grantOnSchema(schema, accounts), ...grantSequences(schema, accounts)]),
    ])
      await session.query(sql);
    const { write, read } = scenario.accounts;
    await session.query(rehearsalTablesSql({ write: [...write], read: [...read] }));
    for (const sql of grantSequences(LEDGER_SCHEMA, accounts)) await session.query(sql);
    // Verification and replication must see every row, whatever the application's row policies hide.
    for (const { name } of [accounts.runbook, accounts.replication])
      await session.query(`ALTER ROLE ${id(name)} BYPASSRLS`);
    if (emptiesTarget && look.filled.length > 0)
      await session.query(`TRUNCATE ${look.tables.map(nameOnTarget).join(', ')}`);
  } finally {
    await session.close();
  }
}
