import type { Manifest, SideName } from '../../../definition/manifest/sections';
import type { Clock, Nonces } from '../../ports/clock';
import type { Effect } from '../../ports/effect';
import type { Address } from '../address';
import type { RememberedSecrets } from '../remembered-secrets';

/** What is bound in a statement of any engine. */
export type BoundValue = string | number | null | readonly string[];
export type Row = Record<string, unknown>;
/** One statement of the transaction under way. */
export type Statement = (text: string, values?: readonly BoundValue[]) => Promise<Row[]>;

/** Only for what comes before the state row, and for heartbeats, which run beside a switch. */
export const noGuard = 'no guard';

/** The one connection that changes a side, as far as every engine has it. */
interface Effects {
  readonly adoptedEpoch: number;
  transaction<T>(signal: AbortSignal, work: (statement: Statement) => Promise<T>, guard?: typeof noGuard): Promise<T>;
}

interface Reading {
  rows(text: string, values: readonly BoundValue[], signal: AbortSignal): Promise<Record<string, string | null>[]>;
  /** The same; no rows where the control schema is still to be made. */
  rowsIfMade(
    ...of: readonly [text: string, values: readonly BoundValue[], signal: AbortSignal]
  ): Promise<Record<string, string | null>[]>;
}

/** What every port of one side works with, whatever its engine. */
export interface DatabaseSide<E extends Effects = Effects> {
  readonly side: SideName;
  readonly manifest: Manifest;
  readonly migration: string;
  /** `source database (PostgreSQL 15.8 at host:port)`, for messages. */
  readonly title: string;
  readonly address: Address;
  /** Account that the runbook is logged in as, without a host. */
  readonly account: string;
  readonly reading: Reading;
  /** Absent in a plan: there is nothing to change a side with. */
  readonly effects: E | undefined;
  /** Credentials of the declared accounts. */
  readonly secrets: RememberedSecrets;
  readonly clock: Clock;
  readonly nonces: Nonces;
}

interface Parts<E> {
  readonly touches: string;
  precheck?(signal: AbortSignal): Promise<boolean>;
  act(effects: E, signal: AbortSignal): Promise<void>;
  verify(signal: AbortSignal): Promise<boolean>;
}

/** An effect on this side; its name ends with the side. */
export function effectOn<E extends Effects>(side: DatabaseSide<E>, name: string, parts: Parts<E>): Effect {
  return {
    name: `${name}-${side.side}`,
    touches: parts.touches,
    precheck: (signal) => parts.precheck?.(signal) ?? Promise.resolve(false),
    act: async (signal) => {
      if (!side.effects) throw new Error(`${name}-${side.side} is an effect, and a plan has none`);
      await parts.act(side.effects, signal);
    },
    verify: (signal) => parts.verify(signal),
  };
}
