import { runCommandLine } from '../../../cli/program';
import { connect } from '../../../runbooks/adapters/connect';
import { terminalOperator } from '../../../runbooks/adapters/terminal/terminal-operator';
import type { Database } from '../../../runbooks/ports/database';
import type { Effect } from '../../../runbooks/ports/effect';
import type { World } from '../../../runbooks/ports/world';

/** The command line with one port of its world exchanged. The product itself has no switch for this. */
export function brokenOperator(breakIt: (world: World) => World): void {
  const wiring = {
    operator: terminalOperator(),
    connect: async (request: Parameters<typeof connect>[0]) => {
      const world = await connect(request);
      return request.mode === 'execute' ? breakIt(world) : world;
    },
  };
  void runCommandLine(process.argv.slice(2), wiring).then((code) => {
    process.exitCode = code;
  });
}

/** The same port, but for some of its methods. */
export function changed<T extends object>(port: T, changes: Partial<T>): T {
  return new Proxy(port, {
    get: (target, key) => {
      if (key in changes) return changes[key as keyof T];
      const value: unknown = Reflect.get(target, key);
      return typeof value === 'function' ? (value.bind(target) as unknown) : value;
    },
  });
}

/** A world whose databases are changed one by one. */
export const withSides = (world: World, change: (database: Database) => Partial<Database>): World => ({
  ...world,
  sides: {
    source: changed(world.sides.source, change(world.sides.source)),
    target: changed(world.sides.target, change(world.sides.target)),
  },
});

/** An effect that says it has happened. */
export const pretended = (effect: Effect): Effect => ({
  name: effect.name,
  touches: effect.touches,
  precheck: async () => false,
  act: async () => undefined,
  verify: async () => true,
});

/** An effect that acts in another way. */
export const actingBy = (effect: Effect, act: Effect['act']): Effect => ({
  name: effect.name,
  touches: effect.touches,
  precheck: (signal) => effect.precheck(signal),
  act,
  verify: (signal) => effect.verify(signal),
});

/**
 * The proof under the fence, blinded: the log of either side tells it of no written row. The product's own verification
 * stops most broken operators before they do harm; what the judge sees beyond that shows only when it is out of the way.
 */
export const blinded = (world: World): World =>
  withSides(world, ({ changedKeys: feed }) => ({
    changedKeys:
      feed &&
      changed(feed, {
        collect: async (...asked) => ({ ...(await feed.collect(...asked)), keys: [], wholeTables: [] }),
      }),
  }));
