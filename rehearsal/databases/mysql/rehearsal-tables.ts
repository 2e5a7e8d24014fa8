import type { DatabaseAccounts } from '../accounts';
import { user } from './grants';

/**
 * The rehearsal's own tables on a MySQL side: the twins of those on PostgreSQL (`workload/rehearsal-tables.ts`), each
 * schema a database. `arrived` exists here alone and is not replicated: it says when a row came to stand here, which
 * PostgreSQL tells from the commit of the row's transaction.
 */
export function mysqlRehearsalTables({ write, read }: DatabaseAccounts): string[] {
  const arrived = 'arrived timestamp(6) NOT NULL DEFAULT CURRENT_TIMESTAMP(6)';
  const table = 'ENGINE = InnoDB DEFAULT CHARSET = utf8mb4 COLLATE = utf8mb4_bin';
  return [
    `CREATE DATABASE rehearsal_ledger ${charset}`,
    `CREATE TABLE rehearsal_ledger.entries (
      id bigint NOT NULL AUTO_INCREMENT PRIMARY KEY,
      client longtext NOT NULL,
      sequence_number int NOT NULL,
      note longtext NOT NULL,
      ${arrived}
    ) ${table}`,
    `CREATE TABLE rehearsal_ledger.jobs (
      id bigint NOT NULL AUTO_INCREMENT PRIMARY KEY,
      state varchar(20) NOT NULL DEFAULT 'waiting',
      payload longtext NOT NULL,
      ${arrived}
    ) ${table}`,
    `CREATE DATABASE rehearsal_probe ${charset}`,
    `CREATE TABLE rehearsal_probe.attempts (
      id bigint NOT NULL AUTO_INCREMENT PRIMARY KEY,
      at timestamp(6) NOT NULL DEFAULT CURRENT_TIMESTAMP(6)
    ) ${table}`,
    ...write.flatMap((account) => [
      `GRANT SELECT, INSERT, UPDATE, DELETE ON rehearsal_ledger.* TO ${user(account)}`,
      `GRANT INSERT ON rehearsal_probe.* TO ${user(account)}`,
    ]),
    ...read.map((account) => `GRANT SELECT ON rehearsal_ledger.* TO ${user(account)}`),
  ];
}

const charset = 'CHARACTER SET utf8mb4 COLLATE utf8mb4_bin';
