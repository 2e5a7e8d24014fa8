import type { Tuple } from './row-change';
import type { Route } from './table-mappings/route';

/** A change under the target's names, with the route it came by. */
export type RoutedChange =
  | { kind: 'insert'; route: Route; row: Tuple }
  | { kind: 'update'; route: Route; key?: Tuple; row: Tuple }
  | { kind: 'delete'; route: Route; key?: Tuple }
  | { kind: 'truncate'; routes: Route[] };

/** The routes that a change touches. */
export const routesOf = (change: RoutedChange): Route[] =>
  change.kind === 'truncate' ? change.routes : [change.route];
