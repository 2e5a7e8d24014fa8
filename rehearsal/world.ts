import { join } from 'node:path';
import type { Environment as Definition } from '../definition/schema/environment';
import { Credentials } from './credentials';
import { endpointContents, type CloudPace } from './endpoint-contents';
import { addressOf, rehearsalRegion, type LocalPlace } from './local-place';
import { OperatorAtWork, productCommand } from './operator';
import { chooseAddresses } from './processes/addresses';
import { startGuardian, type Guardian } from './processes/guardian';
import { isolatedEnvironment, type Environment } from './processes/isolated-environment';
import { createRunFolder } from './processes/run-folder';
import { spawnProcess, type ChildHandle } from './processes/spawn';
import type { Line } from './processes/output-lines';
import { rehearsalEnvironment, rehearsalTimes, type RehearsalTimes } from './rehearsal-environment';
import type { Scenario } from './scenarios/scenario';
import { shapeOf } from './shapes/of-scenario';
import type { ClientsPlace, Engines, Names, Preparation } from './shapes/shape';
import { onRunningServers } from './staging/running-shape';
import type { StagingPair } from './staging/staging-pair';
import { adoptEngines, startEngines } from './world-engines';

export interface WorldOptions {
  readonly scenario: Scenario;
  readonly pace: CloudPace;
  readonly times?: RehearsalTimes;
  /** Another operator than the product's command line: tests wire broken ones. */
  readonly operatorCommand?: readonly string[];
  readonly onOperatorEvent?: (verb: string, event: Line) => void;
  readonly onSecond?: (line: Line) => void;
  /** Extra settings of the engines, e.g. `log_statement`. */
  readonly engineSettings?: Readonly<Record<string, string>>;
  /** A MySQL or MariaDB server, for scenarios that need one; without it what is on the PATH. */
  readonly mysqlServer?: string;
  /** Servers of somebody's own, in place of those that are started. */
  readonly running?: StagingPair;
  /** What people should know of the end of it. */
  readonly onRemark?: (text: string) => void;
}

/** Everything of one rehearsal that runs on this computer. */
export interface RehearsalWorld {
  readonly scenario: Scenario;
  readonly definition: Definition;
  readonly place: LocalPlace;
  readonly credentials: Credentials;
  readonly engines: Engines;
  readonly names: Names;
  readonly preparation: Preparation;
  /** What stands on both sides, where these are two engines. */
  readonly tables: ClientsPlace['tables'];
  readonly operator: OperatorAtWork;
  readonly environment: Environment;
  readonly runFolder: string;
  readonly requestLogFile: string;
  readonly ledgerFile: string;
  readonly guardian: Guardian;
  readonly cloud: ChildHandle;
  readonly replicator: ChildHandle;
  /** The application, where the weighted names front it. */
  readonly stacks: readonly ChildHandle[];
  /** Starts the clients; resolves when they write. */
  startWorkload(): Promise<void>;
  stopWorkload(): Promise<void>;
  /** Ends everything, gives back what was adopted, and removes the folder. */
  close(): Promise<void>;
}

const messageOf = (error: unknown): string => (error instanceof Error ? error.message : String(error));
const entry = (...path: string[]) => join(__dirname, ...path);

/** Starts engines, cloud and replicator with the scenario's schema and data. What fails is taken down again. */
export async function startWorld(options: WorldOptions): Promise<RehearsalWorld> {
  const { scenario } = options;
  const runFolder = createRunFolder();
  const guardian = startGuardian(runFolder);
  try {
    await guardian.ready;
    return await buildWorld(options, scenario, runFolder, guardian);
  } catch (error) {
    await guardian.close().catch((failure: unknown) => {
      // What was started is ended by the next; what stays on somebody's servers must be said.
      if (options.running) throw new AggregateError([error, failure], `${messageOf(error)}; ${messageOf(failure)}`);
    });
    throw error;
  }
}

async function buildWorld(
  options: WorldOptions,
  scenario: Scenario,
  runFolder: string,
  guardian: Guardian,
): Promise<RehearsalWorld> {
  const addresses = await chooseAddresses();
  const credentials = new Credentials();
  const shape = options.running ? onRunningServers(options.running) : shapeOf(scenario);
  const { engines, databases, release } = await (options.running
    ? adoptEngines(options.running, { scenario, credentials, runFolder, guardian })
    : startEngines({
        ...{ scenario, shape, addresses, credentials, runFolder, guardian },
        ...{ settings: options.engineSettings, mysqlServer: options.mysqlServer },
      }));
  const place: LocalPlace = {
    databases,
    stacks: { source: addresses.sourceStack, target: addresses.targetStack },
    endpoint: addresses.endpoint,
    control: addresses.control,
    nameServers: addresses.nameServers,
    resolver: addresses.resolver,
    consumerControlFile: join(runFolder, 'consumer-control.json'),
  };
  const preparation = await shape.prepare(engines, scenario, credentials);
  const definition = rehearsalEnvironment({
    ...{ scenario, place, shape, preparation },
    times: options.times ?? rehearsalTimes,
  });
  const requestLogFile = join(runFolder, 'requests.ndjson');
  const ledgerFile = join(runFolder, 'ledger.ndjson');
  const contents = endpointContents({
    environment: definition,
    migration: scenario.name,
    place,
    credentials,
    requestLogFile,
    level: shape.level,
    pace: options.pace,
  });
  const environment = isolatedEnvironment({
    runFolder,
    endpointUrl: `http://${addressOf(place.endpoint)}`,
    region: rehearsalRegion,
  });
  const child = (name: string, file: string, configuration: unknown) =>
    spawnProcess({ name, entry: entry(file), configuration, environment, runFolder, guardian });

  const cloud = child('cloud', 'cloud.ts', contents);
  await cloud.ready;
  const replicator = child('replicator', 'replicator/main.ts', { control: place.control });
  await replicator.ready;

  const names = shape.names(scenario.name);
  const standing = { scenario, place, engines, preparation, credentials };
  const tables = await shape.readTables(standing);
  const clientsPlace: ClientsPlace = {
    ...{ ...standing, names, tables, ledgerFile, environment, runFolder, guardian },
    onLine: (line) => {
      if (line['type'] === 'second') options.onSecond?.(line);
    },
  };
  const stacks = await shape.startStacks(clientsPlace);
  let clients: ChildHandle | undefined;
  const operator = new OperatorAtWork({
    command: options.operatorCommand ?? productCommand,
    migration: scenario.name,
    environment,
    runFolder,
    guardian,
    onEvent: options.onOperatorEvent,
  });
  return {
    scenario,
    definition,
    place,
    credentials,
    engines,
    names,
    preparation,
    tables,
    stacks,
    operator,
    environment,
    runFolder,
    requestLogFile,
    ledgerFile,
    guardian,
    cloud,
    replicator,
    startWorkload: async () => {
      clients = await shape.startClients(clientsPlace);
    },
    stopWorkload: async () => clients?.stop(),
    close: async () => {
      await clients?.stop();
      await Promise.all([...stacks, replicator, cloud].map((each) => each.stop()));
      try {
        for (const text of await release()) options.onRemark?.(text);
      } finally {
        await guardian.close();
      }
    },
  };
}
