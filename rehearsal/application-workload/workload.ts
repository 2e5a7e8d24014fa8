import { openApplicationSession } from '../application/engine/open-session';
import type { Account } from '../application/database';
import type { Scenario } from '../scenarios/scenario';
import { pause } from '../workload/clock';
import type { Side } from '../workload/configuration';
import { serveConsumer } from '../workload/consumer-server';
import { LedgerWriter } from '../workload/ledger';
import { LoginTurns } from '../workload/login-turns';
import { GateObserver, postgresGate } from '../workload/observer';
import { Pace } from '../workload/pace';
import { probe, ProbeAlarm, type Prober } from '../workload/probe';
import { Random } from '../workload/random';
import { Resolver } from '../workload/resolver';
import { sampleRoute } from '../workload/route-sampler';
import type { RunnableWorkload } from '../workload/run-workload';
import { Statistics } from '../workload/statistics';
import type { TableModel } from '../workload/table-model';
import type { ApplicationWorkloadConfiguration } from './configuration';
import { mysqlGate } from './mysql-gate';
import { prepareApplication, type PreparedApplication } from './preparation';
import { readThroughApplication } from './reader';
import { StackClient } from './stack-client';
import { Workers } from './workers';
import { ApplicationWriter } from './writer';

const LONGEST_STOP_MILLISECONDS = 2000;
const FIRST_ANSWER_MILLISECONDS = 15_000;
const JOBS_PER_SECOND = 10;
const SIDES = ['source', 'target'] as const;

/** All clients of an application, and those who watch both databases, of one rehearsal, and the ledger that they write. */
export class ApplicationWorkload implements RunnableWorkload {
  readonly clients: number;
  readonly statistics = new Statistics();
  private readonly configuration: ApplicationWorkloadConfiguration;
  private readonly scenario: Scenario;
  private readonly ledger: LedgerWriter;
  private readonly resolver: Resolver;
  private readonly turns = { write: new LoginTurns(), read: new LoginTurns() };
  private readonly running: Promise<void>[] = [];
  private closeConsumer: (() => void) | undefined;

  constructor(configuration: ApplicationWorkloadConfiguration, scenario: Scenario) {
    this.configuration = configuration;
    this.clients = configuration.clients;
    this.scenario = scenario;
    this.ledger = new LedgerWriter(configuration.ledgerFile);
    this.resolver = new Resolver(configuration.resolver);
  }

  async start(signal: AbortSignal): Promise<{ tables: number; skipped: string[] }> {
    const prepared = await this.prepare(signal);
    this.startWriters(prepared.models, signal);
    this.startReaders(prepared.models, signal);
    await this.startWorkers(prepared, signal);
    this.startObservers(signal);
    return { tables: prepared.models.filter((model) => model.insertable).length, skipped: prepared.skipped };
  }

  async finished(): Promise<void> {
    await Promise.race([Promise.allSettled(this.running), pause(LONGEST_STOP_MILLISECONDS)]);
    this.closeConsumer?.();
    this.ledger.close();
    this.resolver.close();
  }

  private async prepare(signal: AbortSignal): Promise<PreparedApplication> {
    const { configuration, scenario, ledger } = this;
    const random = new Random(configuration.seed);
    const patience = AbortSignal.any([signal, AbortSignal.timeout(FIRST_ANSWER_MILLISECONDS)]);
    // What is sown goes the way of every write, under a name of its own for each table.
    const sowers = new Map<string, ApplicationWriter>();
    try {
      return await prepareApplication(
        configuration,
        scenario,
        async (request, drafts) => {
          const sower = sowers.get(request.client) ?? this.writer(request.client, 1, [], random);
          sowers.set(request.client, sower);
          await sower.send(request, drafts, patience);
        },
        ledger,
        random,
      );
    } finally {
      for (const sower of sowers.values()) sower.close();
    }
  }

  private startWriters(models: TableModel[], signal: AbortSignal): void {
    for (let number = 1; number <= this.clients; number++) {
      const random = new Random(this.configuration.seed + number);
      this.running.push(this.writer(`writer-${number}`, number, models, random).run(signal));
    }
  }

  private writer(name: string, number: number, models: TableModel[], random: Random): ApplicationWriter {
    const { configuration, scenario, ledger, statistics } = this;
    return new ApplicationWriter({
      name,
      client: this.client('write'),
      models,
      mix: scenario.workload.mix,
      pace: new Pace(configuration.writesPerSecond / this.clients, number / this.clients),
      random,
      ledger,
      statistics,
      sideOf: (address) => this.sideOf(address),
    });
  }

  private startReaders(models: TableModel[], signal: AbortSignal): void {
    const { readers, readsPerSecond } = this.scenario.workload;
    for (let number = 1; number <= readers && readsPerSecond > 0; number++) {
      const client = this.client('read');
      const pace = new Pace(readsPerSecond / readers, number / readers);
      const random = new Random(this.configuration.seed + 1000 + number);
      const { statistics } = this;
      this.running.push(readThroughApplication({ client, models, pace, random, statistics }, signal));
    }
  }

  private async startWorkers({ queue }: PreparedApplication, signal: AbortSignal): Promise<void> {
    const { accounts, consumer: settings } = this.configuration;
    const account = accounts.consumer;
    if (settings === undefined || account === undefined) return;
    const { ledger, statistics } = this;
    const open = (side: Side) => this.direct(side, account, 'consumer');
    const workers = new Workers({
      queue,
      open,
      side: settings.side,
      ledger,
      statistics,
      jobsPerSecond: JOBS_PER_SECOND,
    });
    this.closeConsumer = await serveConsumer(workers, settings.controlFile);
    for (const side of SIDES) this.running.push(workers.run(side, signal));
  }

  private startObservers(signal: AbortSignal): void {
    const { accounts, observer, records, databases } = this.configuration;
    const consumer = accounts.consumer ? [accounts.consumer] : [];
    const writers = [...new Set([...accounts.write, ...consumer].map((each) => each.username))];
    const alarm = new ProbeAlarm();
    for (const side of SIDES) {
      const database = databases[side];
      const { host, port, tlsServerName, caCertificatePem, administrator } = database;
      const view =
        database.family === 'mysql'
          ? mysqlGate(database, writers)
          : postgresGate(
              {
                ...{ endpoint: { address: host, tlsServerName }, port, database: database.database, caCertificatePem },
                ...{ account: administrator, applicationName: 'rehearsal observer' },
              },
              writers,
            );
      this.running.push(new GateObserver(side, view, observer.sampleMilliseconds, this.ledger).watch(signal));
      if (observer.probes) this.running.push(probe(side, () => this.prober(side), alarm, this.ledger, signal));
    }
    for (const nameServer of observer.nameServers)
      this.running.push(sampleRoute(nameServer, records.write, this.ledger, signal));
  }

  private async prober(side: Side): Promise<Prober> {
    const session = await this.direct(side, this.configuration.accounts.write[0] as Account, 'probe');
    return {
      get broken() {
        return session.broken;
      },
      commit: () => session.probe(),
      close: () => session.close(),
    };
  }

  /** Past DNS and the application. */
  private direct(side: Side, account: Account, name: string) {
    const { administrator: _administrator, ...endpoint } = this.configuration.databases[side];
    return openApplicationSession(endpoint, { side, account, applicationName: `rehearsal ${name}` });
  }

  private client(kind: 'write' | 'read'): StackClient {
    const { records, port } = this.configuration;
    return new StackClient({ resolver: this.resolver, turns: this.turns[kind], record: records[kind], port });
  }

  private sideOf(address: string): Side {
    const { stacks } = this.configuration;
    const side = SIDES.find((each) => stacks[each] === address);
    if (side === undefined) {
      throw new Error(`${address} is the address of neither ${stacks.source} (source) nor ${stacks.target} (target).`);
    }
    return side;
  }
}
