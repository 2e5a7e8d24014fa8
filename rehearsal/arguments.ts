import { parseArgs } from 'node:util';
import { isAbsolute, resolve } from 'node:path';
import { loadScenario, scenarioNames, type Scenario } from './scenarios/scenario';
import { withOwnFiles } from './scenarios/own-files';

export const usage = `usage: cutover rehearse [MIGRATION | FOLDER] [--json] [--practice] [--mysql PATH]
       cutover rehearse orders --source-schema FILE --target-schema FILE [--source-data FILE] [--workload FILE]
  MIGRATION        one of ${scenarioNames().join(', ')}
  FOLDER           a folder of your own with schema.sql, or source-schema.sql and target-schema.sql; and seed.sql and
                   scenario.json if you like
  --practice       people run the runbooks from other terminals; the judge looks when Enter is pressed
  --mysql          a MySQL or MariaDB server (mysqld, mariadbd), where none is on the PATH or another is wanted
  --source-schema  DDL as mysqldump or mariadb-dump writes it, in place of that of the migration
  --source-data    its rows, where they do not stand in that file already
  --target-schema  DDL of the target as pg_dump writes it
  --workload       settings of scenario.json for them: accounts, database, queue, load`;

/** What somebody typed that cannot be meant. */
export class UsageError extends Error {}

export interface RehearsalArguments {
  readonly scenario: Scenario;
  readonly json: boolean;
  readonly practises: boolean;
  readonly mysqlServer?: string;
}

/** @throws UsageError, or an Error that names the file or value of a scenario that cannot be used */
export function readArguments(args: readonly string[]): RehearsalArguments {
  const { values, positionals } = parsed(args);
  const [name = 'billing', ...rest] = positionals;
  if (rest.length > 0) throw new UsageError(`one migration is rehearsed at a time: ${positionals.join(' ')}`);
  const { json = false, practice: practises = false, mysql } = values;
  return {
    scenario: withOwnFiles(findScenario(name), {
      sourceSchema: file(values['source-schema']),
      sourceData: file(values['source-data']),
      targetSchema: file(values['target-schema']),
      workload: file(values.workload),
    }),
    json,
    practises,
    mysqlServer: file(mysql),
  };
}

function parsed(args: readonly string[]) {
  const text = { type: 'string' } as const;
  const flag = { type: 'boolean' } as const;
  const files = { 'source-schema': text, 'source-data': text, 'target-schema': text, workload: text };
  try {
    const options = { json: flag, practice: flag, mysql: text, ...files };
    return parseArgs({ args: [...args], options, allowPositionals: true });
  } catch (error) {
    throw new UsageError((error as Error).message);
  }
}

/** A path is meant from where the operator stands, not from where this program runs. */
const fromOperator = (path: string): string =>
  isAbsolute(path) ? path : resolve(process.env['CUTOVER_CALLED_FROM'] ?? process.cwd(), path);

const file = (path: string | undefined): string | undefined => (path === undefined ? undefined : fromOperator(path));

const findScenario = (name: string): Scenario =>
  loadScenario(scenarioNames().includes(name) ? name : fromOperator(name));
