import type { ConnectionOptions } from 'mysql2';
import type { DatabaseSide } from '../database/side';
import type { EffectConnection } from './effect-connection';
import type { ReadingPool } from './reading-pool';

export type Product = 'mysql' | 'mariadb';

/** What every port of one MySQL or MariaDB side works with. */
export interface MysqlSide extends DatabaseSide<EffectConnection> {
  readonly product: Product;
  /** Major, minor and patch with two digits each: 101111 is 10.11.11, 80042 is 8.0.42. */
  readonly version: number;
  readonly reading: ReadingPool;
  /** For connections of the runbook's account beside these two: those that read the binlog. */
  readonly login: (programName: string) => ConnectionOptions;
}
