import type { SideName } from '../../definition/manifest/sections';
import type { Arrivals } from './arrivals';
import type { ChangedKeys } from './changed-keys';
import type { ControlState } from './control-state';
import type { Effect } from './effect';
import type { Fitness } from './fitness';
import type { Flow } from './flow';
import type { Sequences } from './sequences';
import type { Sessions } from './sessions';
import type { Slots } from './slots';
import type { SqlReader } from './sql-reader';
import type { WriteGate } from './write-gate';

/** One side of a migration. All effects of a run go over one tagged connection that never reconnects by itself. */
export interface Database {
  readonly side: SideName;
  /** Engine, version and endpoint, for people. */
  readonly title: string;
  readonly gate: WriteGate;
  readonly sessions: Sessions;
  readonly flow: Flow;
  readonly arrivals: Arrivals;
  readonly control: ControlState;
  readonly sequences: Sequences;
  readonly slots: Slots;
  readonly fitness: Fitness;
  readonly reader: SqlReader;
  /** Absent where the engine gives no change feed: the proof under the fence then reads every row. */
  readonly changedKeys?: ChangedKeys;
  /** Refreshes planner statistics of the migrated tables (they do not travel). */
  analyse(): Effect;
  /** From here on effects carry this epoch and the connection is tagged `cutover:<migration>:<epoch>`. */
  adopt(epoch: number, signal: AbortSignal): Promise<void>;
  close(): Promise<void>;
}
