import type { ErrorPolicy } from '../../error-policy';
import type { Route } from '../../table-mappings/route';
import type { ControlTables } from './control-tables';
import type { Pipeline } from './pipeline';
import type { Planner } from './planner';
import type { TargetTables } from './target-table';

/** What applying needs, all on one session of the target. */
export interface ApplyTools {
  pipeline: Pipeline;
  planner: Planner;
  tables: TargetTables;
  control: ControlTables;
  policy: ErrorPolicy;
  suspended: Set<Route>;
}
