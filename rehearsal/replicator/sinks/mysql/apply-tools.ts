import type { ErrorPolicy } from '../../error-policy';
import type { Route } from '../../table-mappings/route';
import type { ControlTables } from './control-tables';
import type { Planner } from './planner';
import type { Script } from './script';
import type { TargetTables } from './target-table';

/** What applying needs, all on one session of the target. */
export interface ApplyTools {
  script: Script;
  planner: Planner;
  tables: TargetTables;
  control: ControlTables;
  policy: ErrorPolicy;
  suspended: Set<Route>;
}
