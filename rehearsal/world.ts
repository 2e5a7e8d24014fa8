import { join } from 'node:path';
import type { Environment as Definition } from '../definition/schema/environment';
import { Credentials } from './credentials';
import { createCertificateAuthority } from './engines/certificate-authority';
import { startPostgres, type Engine } from './engines/postgres';
import { endpointContents, type CloudPace } from './endpoint-contents';
import { databaseName, rehearsalRegion, readName, writeName, addressOf, type LocalPlace } from './local-place';
import { OperatorAtWork, productCommand } from './operator';
import { prepareSides } from './prepare-sides';
import { chooseAddresses, type RehearsalAddresses } from './processes/addresses';
import { startGuardian, type Guardian } from './processes/guardian';
import { isolatedEnvironment, type Environment } from './processes/isolated-environment';
import { createRunFolder } from './processes/run-folder';
import { spawnProcess, type ChildHandle } from './processes/spawn';
import type { Line } from './processes/output-lines';
import { rehearsalEnvironment, rehearsalTimes, type RehearsalTimes } from './rehearsal-environment';
import type { Scenario } from './scenarios/scenario';

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
}

/** Everything of one rehearsal that runs on this computer. */
export interface RehearsalWorld {
  readonly scenario: Scenario;
  readonly definition: Definition;
  readonly place: LocalPlace;
  readonly credentials: Credentials;
  readonly engines: Readonly<Record<'source' | 'target', Engine>>;
  readonly operator: OperatorAtWork;
  readonly environment: Environment;
  readonly runFolder: string;
  readonly requestLogFile: string;
  readonly ledgerFile: string;
  readonly guardian: Guardian;
  readonly cloud: ChildHandle;
  readonly replicator: ChildHandle;
  /** Starts the clients; resolves when they write. */
  startWorkload(): Promise<void>;
  stopWorkload(): Promise<void>;
  /** Ends everything and removes the folder. */
  close(): Promise<void>;
}

const entry = (...path: string[]) => join(__dirname, ...path);

async function startEngines(
  addresses: RehearsalAddresses,
  options: WorldOptions,
  credentials: Credentials,
  runFolder: string,
  guardian: Guardian,
): Promise<{ engines: RehearsalWorld['engines']; certificateAuthorityPem: string }> {
  const { scenario, engineSettings } = options;
  const authority = await createCertificateAuthority();
  const start = async (side: 'source' | 'target') => {
    const { host, port } = addresses[side];
    const { certificatePem, privateKeyPem } = await authority.issue([databaseName(scenario.name, side)]);
    return startPostgres({
      majorVersion: side === 'source' ? 15 : 17,
      runFolder,
      name: side,
      host,
      port,
      tls: { certificatePem, privateKeyPem, authorityPem: authority.certificatePem },
      superuserPassword: credentials.passwordOf('postgres'),
      settings: engineSettings,
      guardian,
    });
  };
  const [source, target] = await Promise.all([start('source'), start('target')]);
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
  const { engines, certificateAuthorityPem } = await startEngines(addresses, options, credentials, runFolder, guardian);
  const place: LocalPlace = {
    sourceHost: addresses.source.host,
    targetHost: addresses.target.host,
    databasePort: addresses.source.port,
    endpoint: addresses.endpoint,
    control: addresses.control,
    nameServers: addresses.nameServers,
    resolver: addresses.resolver,
    consumerControlFile: join(runFolder, 'consumer-control.json'),
    certificateAuthorityPem,
  };
  const included = await prepareSides(engines, scenario, credentials);
  const definition = rehearsalEnvironment(scenario, place, included, options.times ?? rehearsalTimes);
  const requestLogFile = join(runFolder, 'requests.ndjson');
  const ledgerFile = join(runFolder, 'ledger.ndjson');
  const contents = endpointContents({
    environment: definition,
    migration: scenario.name,
    place,
    credentials,
    requestLogFile,
    pace: options.pace,
  });
  const environment = isolatedEnvironment({
    runFolder,
    endpointUrl: `http://${addressOf(place.endpoint)}`,
    region: rehearsalRegion,
  });
  const child = (name: string, file: string, configuration: unknown, onLine?: (line: Line) => void) =>
    spawnProcess({ name, entry: entry(file), configuration, environment, runFolder, guardian, onLine });

  const cloud = child('cloud', 'cloud.ts', contents);
  await cloud.ready;
  const replicator = child('replicator', 'replicator/main.ts', { control: place.control });
  await replicator.ready;

  let workload: ChildHandle | undefined;
  const login = (username: string) => ({ username, password: credentials.passwordOf(username) });
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
    operator,
    environment,
    runFolder,
    requestLogFile,
    ledgerFile,
    guardian,
    cloud,
    replicator,
    startWorkload: async () => {
      const { accounts, consumer, workload: load } = scenario;
      const configuration = {
        resolver: addressOf(place.resolver),
        records: { write: writeName(scenario.name), read: readName(scenario.name) },
        port: place.databasePort,
        database: scenario.database,
        accounts: {
          write: accounts.write.map(login),
          read: accounts.read.map(login),
          consumer: login(consumer.account),
        },
        tls: { caCertificatePem: certificateAuthorityPem },
        clients: load.clients,
        writesPerSecond: load.writesPerSecond,
        ledgerFile,
        scenarioFolder: scenario.folder,
        seed: 1,
        observer: {
          source: { host: place.sourceHost, tlsServerName: databaseName(scenario.name, 'source') },
          target: { host: place.targetHost, tlsServerName: databaseName(scenario.name, 'target') },
          superuser: login('postgres'),
          nameServers: place.nameServers.map(addressOf),
        },
        consumer: { controlFile: place.consumerControlFile },
      };
      workload = child('workload', 'workload/main.ts', configuration, (line) => {
        if (line['type'] === 'second') options.onSecond?.(line);
      });
      await workload.ready;
    },
    stopWorkload: async () => workload?.stop(),
    close: async () => {
      await workload?.stop();
      await Promise.all([replicator.stop(), cloud.stop()]);
      await Promise.all([engines.source.stop(), engines.target.stop()]);
      await guardian.close();
    },
  };
}
