import type { Tuple } from './row-change';
import type { Route } from './table-mappings/route';

/**
 * A change under the target's names, with the route it came by. One that `overlaps` may be on the target already, since
 * the load read rows after it: it is applied whatever stands there, and the last one of a row leaves it as it has to be.
 */
export type RoutedChange =
  | { kind: 'insert'; route: Route; row: Tuple; overlaps?: boolean }
  | { kind: 'update'; route: Route; key?: Tuple; row: Tuple; overlaps?: boolean }
  | { kind: 'delete'; route: Route; key?: Tuple; overlaps?: boolean }
  | { kind: 'truncate'; routes: Route[] };

/** The routes that a change touches. */
export const routesOf = (change: RoutedChange): Route[] =>
  change.kind === 'truncate' ? change.routes : [change.route];
