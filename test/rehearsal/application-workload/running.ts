import { createSocket } from 'node:dgram';
import { decode, encode } from 'dns-packet';
import { isolatedEnvironment } from '../../../rehearsal/processes/isolated-environment';
import type { Line } from '../../../rehearsal/processes/output-lines';
import { type ChildHandle, spawnProcess } from '../../../rehearsal/processes/spawn';
import type { ApplicationWorkloadConfigurationFile } from '../../../rehearsal/application-workload/configuration';
import type { Side } from '../../../rehearsal/workload/configuration';
import type { MysqlServer } from '../../mysql-server';
import { ACCOUNTS, login, type TwoSides } from '../application/two-sides';

const STACK = require.resolve('../../../rehearsal/application/main.ts');
const CLIENTS = require.resolve('../../../rehearsal/application-workload/main.ts');

export const CONTROL_FILE = 'consumer.json';

/** Both stacks, a name that points to one of them, and the clients, each as the rehearsal runs it. */
export interface RunningApplication {
  stacks: Record<Side, ChildHandle>;
  pointNameTo(side: Side): void;
  startClients(
    more: Pick<ApplicationWorkloadConfigurationFile, 'scenarioFolder'> & Partial<ApplicationWorkloadConfigurationFile>,
  ): Promise<RunningClients>;
  ledgerFile: string;
  close(): Promise<void>;
}

export interface RunningClients {
  child: ChildHandle;
  ready: Line;
  lines: Line[];
  /** Resolves once this many writes were acknowledged from now on. */
  acknowledges(writes: number): Promise<void>;
}

export async function startApplication(server: MysqlServer, sides: TwoSides): Promise<RunningApplication> {
  const { runFolder, guardian } = server;
  const { addresses, databases, model } = sides;
  const environment = isolatedEnvironment({ runFolder, endpointUrl: 'http://127.0.0.1:9', region: 'eu-central-1' });
  const spawn = (name: string, entry: string, configuration: unknown, onLine?: (line: Line) => void) =>
    spawnProcess({ name, entry, configuration, environment, runFolder, guardian, onLine });
  const hosts = { source: addresses.sourceStack.host, target: addresses.targetStack.host };
  const name = nameServer(addresses.resolver, hosts);
  const stacks = {
    source: spawn(`${sides.database}-source`, STACK, sides.stack('source')),
    target: spawn(`${sides.database}-target`, STACK, sides.stack('target')),
  };
  await Promise.all([stacks.source.ready, stacks.target.ready]);
  const ledgerFile = `${runFolder}/${sides.database}.ndjson`;
  return {
    ...{ stacks, ledgerFile, pointNameTo: name.pointTo },
    startClients: async (more) => {
      const lines: Line[] = [];
      const waiting = new Set<() => void>();
      const child = spawn(
        `${sides.database}-clients`,
        CLIENTS,
        {
          resolver: `${addresses.resolver.host}:${addresses.resolver.port}`,
          records: { write: 'app.rehearsal.internal', read: 'app-read.rehearsal.internal' },
          port: addresses.sourceStack.port,
          stacks: hosts,
          databases,
          accounts: {
            ...{ write: ACCOUNTS.write.map(login), read: ACCOUNTS.read.map(login), consumer: login('orders_worker') },
          },
          tables: model,
          clients: 8,
          writesPerSecond: 160,
          ledgerFile,
          seed: 3,
          observer: {},
          consumer: { controlFile: `${runFolder}/${CONTROL_FILE}` },
          ...more,
        } satisfies ApplicationWorkloadConfigurationFile,
        (line) => {
          lines.push(line);
          waiting.forEach((look) => look());
        },
      );
      const acknowledged = () =>
        lines.filter((line) => line.type === 'second').reduce((sum, line) => sum + Number(line['acknowledged']), 0);
      return {
        ...{ child, lines, ready: await child.ready },
        acknowledges: (writes) => {
          const wanted = acknowledged() + writes;
          return new Promise((resolve, reject) => {
            const look = () => {
              if (acknowledged() < wanted) return;
              waiting.delete(look);
              resolve();
            };
            waiting.add(look);
            void child.exited.then(({ code }) => reject(new Error(`the clients ended with code ${code}`)));
          });
        },
      };
    },
    close: async () => {
      name.close();
      await Promise.all([stacks.source.stop(), stacks.target.stop()]);
    },
  };
}

/** Answers every question with a CNAME to one stack's name and that stack's address. */
function nameServer(at: { host: string; port: number }, addresses: Record<Side, string>) {
  let side: Side = 'source';
  const socket = createSocket('udp4');
  socket.on('message', (message, from) => {
    const { id, questions = [] } = decode(message);
    const name = questions[0]?.name ?? '';
    const answers = [
      { type: 'CNAME' as const, name, ttl: 1, data: `app-${side}.rehearsal.internal` },
      { type: 'A' as const, name: `app-${side}.rehearsal.internal`, ttl: 1, data: addresses[side] },
    ];
    socket.send(encode({ type: 'response', id, flags: 0x8180, questions, answers }), from.port, from.address);
  });
  socket.bind(at.port, at.host);
  return { pointTo: (to: Side) => void (side = to), close: () => socket.close() };
}
