import { randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Connection, RowDataPacket } from 'mysql2/promise';
import type { Manifest } from '../../../../definition/manifest/sections';
import type { ConnectOptions } from '../../../../runbooks/adapters/database/connecting';
import { connectMysql } from '../../../../runbooks/adapters/mysql/connect';
import type { Database } from '../../../../runbooks/ports/database';
import type { Effect } from '../../../../runbooks/ports/effect';
import type { MysqlServer } from '../../../mysql-server';
import { manifestOf } from '../postgres/manifest-of';

export const passwords = {
  cutover_runbook: 'runbook-pass-word',
  cutover_replication: 'replication-pass-word',
  orders_app: 'app-pass-word',
  orders_worker: 'worker-pass-word',
  orders_report: 'report-pass-word',
} as const;
export type Account = keyof typeof passwords;

/** The accounts of a migration as a team would set them up, and a few tables of the application. */
const prepared = (product: 'mysql' | 'mariadb') => `
  CREATE DATABASE orders CHARACTER SET utf8mb4;
  ${Object.entries(passwords)
    .map(([name, password]) => `CREATE USER '${name}'@'%' IDENTIFIED BY '${password}';`)
    .join('\n')}
  GRANT SELECT, PROCESS, CREATE USER, EVENT, REPLICATION CLIENT, REPLICATION SLAVE ON *.* TO 'cutover_runbook'@'%';
  GRANT ${product === 'mariadb' ? 'CONNECTION ADMIN, REPLICA MONITOR' : 'CONNECTION_ADMIN, XA_RECOVER_ADMIN'} ON *.* TO 'cutover_runbook'@'%';
  GRANT ALTER ON orders.* TO 'cutover_runbook'@'%';
  GRANT ALL ON cutover_local.* TO 'cutover_runbook'@'%' WITH GRANT OPTION;
  GRANT ALL ON cutover_flow.* TO 'cutover_runbook'@'%' WITH GRANT OPTION;
  GRANT REPLICATION SLAVE, REPLICATION CLIENT ON *.* TO 'cutover_replication'@'%';
  GRANT SELECT, INSERT, UPDATE, DELETE ON orders.* TO 'cutover_replication'@'%';
  GRANT SELECT, INSERT, UPDATE, DELETE ON orders.* TO 'orders_app'@'%', 'orders_worker'@'%';
  GRANT SELECT ON orders.* TO 'orders_report'@'%';
  CREATE TABLE orders.customers (id bigint AUTO_INCREMENT PRIMARY KEY, name varchar(100) NOT NULL) ENGINE=InnoDB;
  CREATE TABLE orders.invoices (id int AUTO_INCREMENT PRIMARY KEY, customer_id bigint NOT NULL,
    FOREIGN KEY (customer_id) REFERENCES orders.customers (id)) ENGINE=InnoDB;`;

export const clock = {
  nowMilliseconds: () => Date.now(),
  sleep: (milliseconds: number, signal: AbortSignal) =>
    sleep(milliseconds, undefined, { signal }).catch(() => signal.throwIfAborted()),
};

export const soon = () => AbortSignal.timeout(20_000);

/** What the runner does with an effect, without a journal. */
export async function perform(effect: Effect): Promise<'already' | 'applied'> {
  if (await effect.precheck(soon())) return 'already';
  await effect.act(soon());
  if (!(await effect.verify(soon()))) throw new Error(`${effect.name} is not verified`);
  return 'applied';
}

export const failureOf = async (work: Promise<unknown>): Promise<Error & { code?: string; next?: string }> => {
  try {
    await work;
  } catch (error) {
    return error as Error;
  }
  throw new Error('it was expected to fail, and did not');
};

/** The source side of the migration `orders` on a server of the test's file: ways into it, and the adapter. */
export class MysqlTestSide {
  readonly server: MysqlServer;
  readonly manifest: Manifest;
  private readonly root: Connection;

  private constructor(server: MysqlServer, root: Connection, manifest: Manifest) {
    this.server = server;
    this.root = root;
    this.manifest = manifest;
  }

  static async prepare(server: MysqlServer): Promise<MysqlTestSide> {
    const { engine } = server;
    const root = await server.connect();
    await root.query(prepared(engine.product));
    const manifest = manifestOf({ source: engine, target: { host: '127.0.0.1', port: 9 } });
    manifest.identity.migration = 'orders';
    Object.assign(manifest.databases.source, {
      engine: engine.product,
      majorVersion: engine.version.split('.').slice(0, 2).join('.'),
      database: 'orders',
      tlsServerName: server.tlsServerName,
    });
    const login = (name: string) => ({ name, secretId: name });
    Object.assign(manifest.accounts, {
      write: [login('orders_app'), login('orders_worker')],
      read: [login('orders_report')],
      allowed: ['cutover_runbook', 'cutover_replication'],
    });
    Object.assign(manifest.tables, { include: ['orders.%'], exclude: ['orders.tmp%'] });
    return new MysqlTestSide(server, root, manifest);
  }

  /** A session of an account of the migration. */
  session(account: Account | 'root', database: string | undefined = 'orders'): Promise<Connection> {
    return this.server.connect(
      account === 'root' ? { database } : { user: account, password: passwords[account], database },
    );
  }

  /** The first column of what root sees; nothing where root only does. */
  async ask<T = string>(sql: string, values: unknown[] = []): Promise<T[]> {
    const [rows] = await this.root.query(sql, values);
    return Array.isArray(rows) ? (rows as RowDataPacket[]).map((row) => Object.values(row)[0] as T) : [];
  }

  connect(overrides: Partial<ConnectOptions> = {}): Promise<Database> {
    const manifest = overrides.manifest ?? this.manifest;
    return connectMysql({
      side: 'source',
      manifest,
      migration: manifest.identity.migration,
      mode: 'execute',
      credentials: { username: 'cutover_runbook', password: passwords.cutover_runbook },
      certificateAuthorityPem: this.server.authorityPem,
      loginSecret: async (secretId) => ({ username: secretId, password: passwords[secretId as Account] }),
      clock,
      nonces: { next: randomUUID },
      signal: soon(),
      ...overrides,
    });
  }

  /** Connected, with the control schema, at an epoch. */
  async started(epoch = 1, overrides: Partial<ConnectOptions> = {}): Promise<Database> {
    const database = await this.connect(overrides);
    await perform(database.control.install());
    await database.adopt(epoch, soon());
    await perform(database.control.raiseEpoch(epoch));
    return database;
  }
}
