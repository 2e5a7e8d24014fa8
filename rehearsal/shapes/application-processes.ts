import { mkdirSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { ApplicationConfigurationFile } from '../application/configuration';
import type { NeutralTable } from '../application/model/neutral-table';
import { readModel } from '../application/model/read-model';
import type { ApplicationWorkloadConfigurationFile } from '../application-workload/configuration';
import { addressOf } from '../local-place';
import { spawnProcess, type ChildHandle } from '../processes/spawn';
import { settingsOf, stays } from '../scenarios/scenario';
import { administeredDatabase, databaseOf } from './administered-database';
import type { ClientsPlace, DatabasesPlace } from './shape';

const entry = (...path: string[]) => join(__dirname, '..', ...path);
const sides = ['source', 'target'] as const;

/** What stands on both sides, as their catalogues say. */
export async function readApplicationTables(place: DatabasesPlace): Promise<NeutralTable[]> {
  const tables = await readModel(
    administeredDatabase(place, 'source'),
    administeredDatabase(place, 'target'),
    place.preparation.transformations,
  );
  return tables.filter(({ id }) => !stays(place.scenario, id));
}

/** One stack per side: the same application, with the driver of its side's engine. The target's waits for its accounts. */
export async function startApplicationStacks(clients: ClientsPlace): Promise<readonly ChildHandle[]> {
  const { scenario, place, environment, runFolder, guardian } = clients;
  const stacks = sides.map((side) => {
    const configuration: ApplicationConfigurationFile = {
      name: `${scenario.name}-${side}`,
      side,
      listen: place.stacks[side],
      database: databaseOf(clients, side),
      accounts: accountsOf(clients),
      tables: tablesOf(clients),
    };
    return spawnProcess({
      name: `application-${side}`,
      entry: entry('application', 'main.ts'),
      ...{ configuration, environment, runFolder, guardian },
    });
  });
  await Promise.all(stacks.map(({ ready }) => ready));
  return stacks;
}

/** The clients of both stacks, the observers of both databases, and the worker that DNS does not move. */
export async function startApplicationClients(clients: ClientsPlace): Promise<ChildHandle> {
  const { scenario, place, names, credentials, ledgerFile, environment, runFolder, guardian, onLine } = clients;
  const login = (username: string) => ({ username, password: credentials.passwordOf(username) });
  const configuration: ApplicationWorkloadConfigurationFile = {
    resolver: addressOf(place.resolver),
    records: { write: names.write, read: names.read },
    port: place.stacks.source.port,
    stacks: { source: place.stacks.source.host, target: place.stacks.target.host },
    databases: {
      source: administeredDatabase(clients, 'source'),
      target: administeredDatabase(clients, 'target'),
    },
    accounts: { ...accountsOf(clients), consumer: login(scenario.consumer.account) },
    tables: tablesOf(clients),
    clients: scenario.workload.clients,
    writesPerSecond: scenario.workload.writesPerSecond,
    ledgerFile,
    scenarioFolder: folderOf(clients),
    seed: 1,
    observer: { nameServers: place.nameServers.map(addressOf) },
    consumer: { controlFile: place.consumerControlFile },
  };
  const child = spawnProcess({
    name: 'workload',
    entry: entry('application-workload', 'main.ts'),
    ...{ configuration, environment, runFolder, guardian, onLine },
  });
  await child.ready;
  return child;
}

function accountsOf({ scenario: { accounts }, credentials }: ClientsPlace) {
  const login = (username: string) => ({ username, password: credentials.passwordOf(username) });
  return { write: accounts.write.map(login), read: accounts.read.map(login) };
}

const tablesOf = ({ tables }: ClientsPlace) => [...(tables ?? [])];

/** A scenario's folder with the settings that hold: files of one's own may have taken the place of the shipped ones. */
function folderOf({ scenario, runFolder }: ClientsPlace): string {
  const folder = join(runFolder, 'scenario');
  mkdirSync(folder);
  writeFileSync(join(folder, 'scenario.json'), JSON.stringify(settingsOf(scenario)));
  symlinkSync(scenario.schemaFile, join(folder, 'source-schema.sql'));
  if (scenario.targetSchemaFile) symlinkSync(scenario.targetSchemaFile, join(folder, 'target-schema.sql'));
  return folder;
}
