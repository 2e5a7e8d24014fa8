import type { Scenario } from '../scenarios/scenario';
import { type Account, type Side, sideOf, type WorkloadConfiguration } from './configuration';
import { pause } from './clock';
import { Consumer } from './consumer';
import { serveConsumer } from './consumer-server';
import { connect, type FollowerOptions } from './follower';
import { LedgerWriter } from './ledger';
import { LoginTurns } from './login-turns';
import { GateObserver, postgresGate } from './observer';
import { Pace } from './pace';
import { prepare, type Prepared } from './preparation';
import { postgresProber, probe, ProbeAlarm } from './probe';
import { Random } from './random';
import { read } from './reader';
import { Resolver } from './resolver';
import { sampleRoute } from './route-sampler';
import type { RunnableWorkload } from './run-workload';
import type { SessionOptions } from './session';
import { Statistics } from './statistics';
import { Writer } from './writer';

const LONGEST_STOP_MILLISECONDS = 2000;
const FIRST_CONNECTION_MILLISECONDS = 15_000;
const JOBS_PER_SECOND = 10;

/** All clients and observers of one rehearsal, and the ledger that they write. */
export class Workload implements RunnableWorkload {
  readonly clients: number;
  readonly statistics = new Statistics();
  private readonly configuration: WorkloadConfiguration;
  private readonly scenario: Scenario;
  private readonly ledger: LedgerWriter;
  private readonly resolver: Resolver;
  /** Readers have turns of their own: their accounts are never locked. */
  private readonly turns = { write: new LoginTurns(), read: new LoginTurns() };
  private readonly running: Promise<void>[] = [];
  private closeConsumer: (() => void) | undefined;

  constructor(configuration: WorkloadConfiguration, scenario: Scenario) {
    this.configuration = configuration;
    this.clients = configuration.clients;
    this.scenario = scenario;
    this.ledger = new LedgerWriter(configuration.ledgerFile);
    this.resolver = new Resolver(configuration.resolver);
  }

  /** Learns the schema from the source and sets everything going. */
  async start(signal: AbortSignal): Promise<{ tables: number; skipped: string[] }> {
    const random = new Random(this.configuration.seed);
    const prepared = await this.prepare(random, signal);
    this.startWriters(prepared, signal);
    this.startReaders(prepared, signal);
    await this.startConsumer(prepared, signal);
    this.startObservers(signal);
    return { tables: prepared.models.filter((model) => model.insertable).length, skipped: prepared.skipped };
  }

  /** After the signal: waits for what is in hand, but not for ever, and closes the ledger. */
  async finished(): Promise<void> {
    await Promise.race([Promise.allSettled(this.running), pause(LONGEST_STOP_MILLISECONDS)]);
    this.closeConsumer?.();
    this.ledger.close();
    this.resolver.close();
  }

  private async prepare(random: Random, signal: AbortSignal): Promise<Prepared> {
    const { configuration, scenario, ledger } = this;
    let refusal: unknown;
    const follower = this.following(this.writeAccount(0), 'write', 'preparation');
    const patience = AbortSignal.any([signal, AbortSignal.timeout(FIRST_CONNECTION_MILLISECONDS)]);
    const session = await connect({ ...follower, onRefused: (error) => (refusal = error) }, patience);
    if (session === undefined) {
      throw new Error(`No connection to write through ${configuration.records.write}.`, { cause: refusal });
    }
    try {
      return await prepare(
        configuration,
        scenario,
        this.direct('source', configuration.observer.superuser, 'preparation'),
        session,
        ledger,
        random,
      );
    } finally {
      session.close();
    }
  }

  private startWriters({ models }: Prepared, signal: AbortSignal): void {
    const { clients, writesPerSecond, seed, observer } = this.configuration;
    for (let number = 1; number <= clients; number++) {
      const name = `writer-${number}`;
      const writer = new Writer({
        name,
        follower: this.following(this.writeAccount(number - 1), 'write', name),
        models,
        mix: this.scenario.workload.mix,
        pace: new Pace(writesPerSecond / clients, number / clients),
        random: new Random(seed + number),
        ledger: this.ledger,
        statistics: this.statistics,
        sideOf: (address) => sideOf(address, observer),
      });
      this.running.push(writer.run(signal));
    }
  }

  private startReaders({ models }: Prepared, signal: AbortSignal): void {
    const { readers, readsPerSecond } = this.scenario.workload;
    const { read: accounts } = this.configuration.accounts;
    for (let number = 1; number <= readers && accounts.length > 0 && readsPerSecond > 0; number++) {
      const account = accounts[number % accounts.length] as Account;
      const follower = this.following(account, 'read', `reader-${number}`);
      const pace = new Pace(readsPerSecond / readers, number / readers);
      const random = new Random(this.configuration.seed + 1000 + number);
      this.running.push(read({ follower, models, pace, random, statistics: this.statistics }, signal));
    }
  }

  private async startConsumer({ queue }: Prepared, signal: AbortSignal): Promise<void> {
    const { accounts, consumer: settings } = this.configuration;
    const account = accounts.consumer;
    if (settings === undefined || account === undefined) return;
    const consumer = new Consumer({
      name: 'consumer',
      queue,
      connectionTo: (side) => this.direct(side, account, 'consumer'),
      side: settings.side,
      ledger: this.ledger,
      statistics: this.statistics,
      jobsPerSecond: JOBS_PER_SECOND,
    });
    this.closeConsumer = await serveConsumer(consumer, settings.controlFile);
    this.running.push(consumer.run(signal));
  }

  private startObservers(signal: AbortSignal): void {
    const { accounts, observer, records } = this.configuration;
    const writers = [
      ...new Set([...accounts.write, ...(accounts.consumer ? [accounts.consumer] : [])].map((each) => each.username)),
    ];
    const alarm = new ProbeAlarm();
    for (const side of ['source', 'target'] as const) {
      const view = postgresGate(this.direct(side, observer.superuser, 'observer'), writers);
      this.running.push(new GateObserver(side, view, observer.sampleMilliseconds, this.ledger).watch(signal));
      const prober = postgresProber(this.direct(side, this.writeAccount(0), 'probe'));
      if (observer.probes) this.running.push(probe(side, prober, alarm, this.ledger, signal));
    }
    for (const nameServer of observer.nameServers)
      this.running.push(sampleRoute(nameServer, records.write, this.ledger, signal));
  }

  private writeAccount(number: number): Account {
    const { write } = this.configuration.accounts;
    return write[number % write.length] as Account;
  }

  private following(account: Account, kind: 'write' | 'read', name: string): FollowerOptions {
    const { port, database, tls, records } = this.configuration;
    const { resolver } = this;
    const turns = this.turns[kind];
    return {
      resolver,
      turns,
      record: records[kind],
      port,
      database,
      account,
      ...tls,
      applicationName: `rehearsal ${name}`,
    };
  }

  private direct(side: Side, account: Account, name: string): SessionOptions {
    const { port, database, tls, observer } = this.configuration;
    const { host: address, tlsServerName } = observer[side];
    return {
      endpoint: { address, tlsServerName },
      port,
      database,
      account,
      ...tls,
      applicationName: `rehearsal ${name}`,
    };
  }
}
