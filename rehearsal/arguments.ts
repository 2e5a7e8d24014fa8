import { parseArgs } from 'node:util';
import { isAbsolute, resolve } from 'node:path';
import { loadScenario, scenarioNames, type Scenario } from './scenarios/scenario';
import { withOwnFiles, withRunningDatabase } from './scenarios/own-files';
import type { StagingRequest } from './staging/staging-pair';
import { readStagingUrl } from './staging/staging-url';

export const usage = `usage: cutover rehearse [MIGRATION | FOLDER] [--json] [--practice] [--mysql PATH]
       cutover rehearse orders --source-schema FILE --target-schema FILE [--source-data FILE] [--workload FILE]
       cutover rehearse orders --source URL --target URL [--workload FILE] [--empty-target] [--confirm NAME --confirm NAME]
  MIGRATION        one of ${scenarioNames().join(', ')}
  FOLDER           a folder of your own with schema.sql, or source-schema.sql and target-schema.sql; and seed.sql and
                   scenario.json if you like
  --practice       people run the runbooks from other terminals; the judge looks when Enter is pressed
  --mysql          a MySQL or MariaDB server (mysqld, mariadbd), where none is on the PATH or another is wanted
  --source-schema  DDL as mysqldump or mariadb-dump writes it, in place of that of the migration
  --source-data    its rows, where they do not stand in that file already
  --target-schema  DDL of the target as pg_dump writes it
  --workload       settings of scenario.json for them: accounts, database, queue, load
  --source         a running staging database, mysql://ADMIN@HOST:PORT/DATABASE; password in CUTOVER_SOURCE_PASSWORD or in it
  --target         likewise, postgresql://ADMIN@HOST:PORT/DATABASE and CUTOVER_TARGET_PASSWORD
  --source-ca      certificates (PEM) that the server's is verified with, else those of the system and of RDS; --target-ca
  --source-tls-name  the name in its certificate, where the URL has another host (a tunnel); --target-tls-name
  --empty-target   the target's tables are emptied first, if rows stand in them
  --confirm        twice, in place of typing the names of the source's and of the target's database`;

/** What somebody typed that cannot be meant. */
export class UsageError extends Error {}

export interface RehearsalArguments {
  readonly scenario: Scenario;
  readonly json: boolean;
  readonly practises: boolean;
  readonly mysqlServer?: string;
  /** Running databases, in place of engines that are started. */
  readonly running?: StagingRequest;
}

/** @throws UsageError, or an Error that names the file or value of a scenario that cannot be used */
export function readArguments(
  args: readonly string[],
  environment: NodeJS.ProcessEnv = process.env,
): RehearsalArguments {
  const { values, positionals } = parsed(args);
  const running = runningOf(values, environment);
  const [name = running ? 'orders' : 'billing', ...rest] = positionals;
  if (rest.length > 0) throw new UsageError(`one migration is rehearsed at a time: ${positionals.join(' ')}`);
  const { json = false, practice: practises = false, mysql } = values;
  const scenario = findScenario(name);
  if (running)
    return {
      scenario: withRunningDatabase(scenario, running.source.database, file(values.workload)),
      ...{ json, practises, running },
    };
  return {
    scenario: withOwnFiles(scenario, {
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
  const tls = { 'source-ca': text, 'target-ca': text, 'source-tls-name': text, 'target-tls-name': text };
  const confirm = { type: 'string', multiple: true } as const;
  const running = { source: text, target: text, ...tls, 'empty-target': flag, confirm };
  try {
    const options = { json: flag, practice: flag, mysql: text, ...files, ...running };
    return parseArgs({ args: [...args], options, allowPositionals: true });
  } catch (error) {
    throw new UsageError((error as Error).message);
  }
}

const ofRunning = ['source', 'target', 'source-ca', 'target-ca', 'source-tls-name', 'target-tls-name'] as const;
const ofStarted = ['source-schema', 'source-data', 'target-schema', 'mysql'] as const;

/** @throws UsageError where what belongs to running databases stands without both of them, or beside what starts engines */
function runningOf(
  values: ReturnType<typeof parsed>['values'],
  environment: NodeJS.ProcessEnv,
): StagingRequest | undefined {
  const { source, target, 'empty-target': emptiesTarget = false, confirm = [] } = values;
  const named = [
    ...ofRunning.filter((name) => values[name] !== undefined),
    ...(emptiesTarget ? ['empty-target'] : []),
    ...(confirm.length > 0 ? ['confirm'] : []),
  ];
  if (named.length === 0) return undefined;
  if (source === undefined || target === undefined)
    throw new UsageError(
      `--${named[0]} wants both running databases: --source mysql://… and --target postgresql://…; --${source === undefined ? 'source' : 'target'} is missing`,
    );
  const other = ofStarted.find((name) => values[name] !== undefined);
  if (other !== undefined)
    throw new UsageError(
      `--${other} is for engines that the rehearsal starts; with --source and --target it starts none`,
    );
  return {
    source: readStagingUrl('source', source, environment),
    target: readStagingUrl('target', target, environment),
    authorityFiles: { source: file(values['source-ca']), target: file(values['target-ca']) },
    tlsNames: { source: values['source-tls-name'], target: values['target-tls-name'] },
    emptiesTarget,
    confirmed: confirm,
  };
}

/** A path is meant from where the operator stands, not from where this program runs. */
const fromOperator = (path: string): string =>
  isAbsolute(path) ? path : resolve(process.env['CUTOVER_CALLED_FROM'] ?? process.cwd(), path);

const file = (path: string | undefined): string | undefined => (path === undefined ? undefined : fromOperator(path));

const findScenario = (name: string): Scenario =>
  loadScenario(scenarioNames().includes(name) ? name : fromOperator(name));
