import type { Connection } from 'mysql2/promise';
import { Client } from 'pg';
import { startPostgres, type Engine } from '../../../rehearsal/engines/postgres';
import { createCertificateAuthority } from '../../../rehearsal/engines/certificate-authority';
import { chooseAddresses } from '../../../rehearsal/processes/addresses';
import type { EngineName } from '../../../definition/engines';
import type { Manifest } from '../../../definition/manifest/sections';
import { Client as MysqlClient } from '../../../runbooks/adapters/mysql/client';
import { asText as asMysqlText } from '../../../runbooks/adapters/mysql/engine-text';
import { applySettings } from '../../../runbooks/adapters/mysql/session-settings';
import type { SqlReader } from '../../../runbooks/ports/sql-reader';
import { verifyTables, type Verification } from '../../../runbooks/verification/verify';
import type { VerifiedSide } from '../../../runbooks/verification/verified-side';
import type { MysqlServer } from '../../mysql-server';
import { clock } from './two-engines';

const asText = { getTypeParser: () => (value: unknown) => value } as never;

/** One database on MySQL and one on PostgreSQL, both called alike, with a schema of that name. */
export interface TwoFamilies {
  readonly mysql: Connection;
  readonly postgres: Client;
  readonly mysqlSide: VerifiedSide;
  readonly postgresSide: VerifiedSide;
}

type Beside = Pick<MysqlServer, 'engine' | 'runFolder' | 'guardian' | 'database'>;

export interface PostgresBeside {
  database(server: Beside, name: string): Promise<TwoFamilies>;
  close(): Promise<void>;
}

/** A PostgreSQL 17 for a file's tests, beside their MySQL. */
export async function startPostgresBeside(
  { runFolder, guardian }: Pick<Beside, 'runFolder' | 'guardian'>,
  settings: Readonly<Record<string, string>> = {},
): Promise<PostgresBeside> {
  const authority = await createCertificateAuthority();
  const { target } = await chooseAddresses();
  const issued = await authority.issue(['target.databases.example.com']);
  const engine: Engine = await startPostgres({
    ...{ ...target, majorVersion: 17, runFolder, name: 'target', guardian, superuserPassword: 'secret', settings },
    tls: { ...issued, authorityPem: authority.certificatePem },
  });
  const opened: { end(): Promise<void> }[] = [];
  const connect = async (database: string) => {
    const client = new Client({ ...engine.superuser, database });
    client.on('error', () => undefined);
    await client.connect();
    opened.push(client);
    return client;
  };
  return {
    async database(server, name) {
      const mysql = await server.database(name);
      await mysql.query(`SET sql_mode = 'STRICT_ALL_TABLES', time_zone = '+00:00'`);
      const reading = await MysqlClient.open(
        { ...server.engine.administrator, typeCast: asMysqlText },
        AbortSignal.timeout(20_000),
      );
      await applySettings(reading, 'read');
      opened.push(reading);
      await (await connect('postgres')).query(`CREATE DATABASE "${name}"`);
      const postgres = await connect(name);
      await postgres.query(`CREATE SCHEMA "${name}"; SET search_path = "${name}"; SET TimeZone = 'UTC'`);
      const asking = await connect(name);
      const mysqlReader: SqlReader = {
        query: (sql, values) => reading.query(sql, values as readonly string[]),
      };
      const postgresReader: SqlReader = {
        query: async (sql, values) =>
          (await asking.query<Record<string, string | null>>({ text: sql, values: [...values], types: asText })).rows,
      };
      const engineOf: Record<'mysql' | 'mariadb', EngineName> = { mysql: 'mysql', mariadb: 'mariadb' };
      return {
        ...{ mysql, postgres },
        mysqlSide: { engine: engineOf[server.engine.product], reader: mysqlReader, side: 'source' },
        postgresSide: { engine: 'postgres', reader: postgresReader, side: 'target' },
      };
    },
    async close() {
      await Promise.all(opened.map((each) => each.end()));
    },
  };
}

export const everything: Manifest['tables'] = { include: ['%.%'], exclude: ['cutover%.%'], waivers: [] };

export const verifyFamilies = (
  { mysqlSide, postgresSide }: TwoFamilies,
  rest: Partial<Verification> & { readonly primary?: VerifiedSide } = {},
) =>
  verifyTables({
    ...{ primary: mysqlSide, other: rest.primary === postgresSide ? mysqlSide : postgresSide },
    ...{ tables: everything, clock, settleMilliseconds: 0, rechecks: 0, quiet: true },
    signal: new AbortController().signal,
    ...rest,
  });
