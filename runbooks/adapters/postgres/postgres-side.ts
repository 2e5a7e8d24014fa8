import type { DatabaseSide } from '../database/side';
import type { EffectConnection } from './effect-connection';
import type { ReadingPool } from './reading-pool';

/** What every port of one PostgreSQL side works with. */
export interface PostgresSide extends DatabaseSide<EffectConnection> {
  /** As PostgreSQL's server_version_num, e.g. 150008. */
  readonly version: number;
  readonly reading: ReadingPool;
}
