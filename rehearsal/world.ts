import { join } from 'node:path';
import type { Environment as Definition } from '../definition/schema/environment';
import { Credentials } from './credentials';
import { createCertificateAuthority } from './engines/certificate-authority';
import { endpointContents, type CloudPace } from './endpoint-contents';
import { databaseName, rehearsalRegion, addressOf, type DatabasePlace, type LocalPlace } from './local-place';
import { OperatorAtWork, productCommand } from './operator';
import { chooseAddresses, type RehearsalAddresses } from './processes/addresses';
import { startGuardian, type Guardian } from './processes/guardian';
import { isolatedEnvironment, type Environment } from './processes/isolated-environment';
import { createRunFolder } from './processes/run-folder';
import { spawnProcess, type ChildHandle } from './processes/spawn';
import type { Line } from './processes/output-lines';
import { rehearsalEnvironment, rehearsalTimes, type RehearsalTimes } from './rehearsal-environment';
import type { Scenario } from './scenarios/scenario';
import { shapeOf } from './shapes/of-scenario';
import type { ClientsPlace, Engines, Names, Preparation, Shape, Side } from './shapes/shape';

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
  /** Ends everything and removes the folder. */
  close(): Promise<void>;
}

const entry = (...path: string[]) => join(__dirname, ...path);
const sides = ['source', 'target'] as const;

async function startEngines(
  addresses: RehearsalAddresses,
  options: WorldOptions,
  shape: Shape,
  credentials: Credentials,
  runFolder: string,
  guardian: Guardian,
): Promise<{ engines: Engines; certificateAuthorityPem: string }> {
  const { scenario, engineSettings: settings, mysqlServer } = options;
  const authority = await createCertificateAuthority();
  const start = async (side: 'source' | 'target') => {
    const { host, port } = addresses[side];
    const { certificatePem, privateKeyPem } = await authority.issue([databaseName(scenario.name, side)]);
    const tls = { certificatePem, privateKeyPem, authorityPem: authority.certificatePem };
    return shape.startEngine(side, {
      ...{ runFolder, name: side, host, port, tls, credentials, settings, mysqlServer, guardian },
    });
  };
  const [source, target] = await Promise.all(sides.map(start));
  if (source === undefined || target === undefined) throw new Error('an engine of each side is wanted');
  return { engines: { source, target }, certificateAuthorityPem: authority.certificatePem };
}

/** Starts engines, cloud and replicator with the scenario's schema and data. What fails is taken down again. */
export async function startWorld(options: WorldOptions): Promise<RehearsalWorld> {
  const { scenario } = options;
  const runFolder = createRunFolder();
  const guardian = startGuardian(runFolder);
  try {
    await guardian.ready;
    return await buildWorld(options, scenario, runFolder, guardian);
  } catch (error) {
    await guardian.close().catch(() => undefined);
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
  const shape = shapeOf(scenario);
  const { engines, certificateAuthorityPem } = await startEngines(
    ...([addresses, options, shape, credentials, runFolder, guardian] as const),
  );
  const databaseOf = (side: Side): DatabasePlace => ({
    ...addresses[side],
    database: scenario.database,
    tlsServerName: databaseName(scenario.name, side),
    certificateAuthorityPem,
  });
  const place: LocalPlace = {
    databases: { source: databaseOf('source'), target: databaseOf('target') },
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
  const databases = { scenario, place, engines, preparation, credentials };
  const tables = await shape.readTables(databases);
  const clientsPlace: ClientsPlace = {
    ...{ ...databases, names, tables, ledgerFile, environment, runFolder, guardian },
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
      await Promise.all([engines.source.stop(), engines.target.stop()]);
      await guardian.close();
    },
  };
}
