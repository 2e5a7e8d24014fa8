import type { Manifest, SideName } from '../../../definition/manifest/sections';
import type { Clock, Nonces } from '../../ports/clock';
import type { Effect } from '../../ports/effect';
import type { Address } from '../address';
import type { EffectConnection } from './effect-connection';
import type { ReadingPool } from './reading-pool';
import type { RememberedSecrets } from '../remembered-secrets';

/** What every port of one PostgreSQL side works with. */
export interface PostgresSide {
  readonly side: SideName;
  readonly manifest: Manifest;
  readonly migration: string;
  /** `source database (PostgreSQL 15.8 at host:port)`, for messages. */
  readonly title: string;
  readonly address: Address;
  /** Account that the runbook is logged in as. */
  readonly account: string;
  /** As PostgreSQL's server_version_num, e.g. 150008. */
  readonly version: number;
  readonly reading: ReadingPool;
  /** Absent in a plan: there is nothing to change a side with. */
  readonly effects: EffectConnection | undefined;
  /** Credentials of the declared accounts. */
  readonly secrets: RememberedSecrets;
  readonly clock: Clock;
  readonly nonces: Nonces;
}

interface Parts {
  readonly touches: string;
  precheck?(signal: AbortSignal): Promise<boolean>;
  act(effects: EffectConnection, signal: AbortSignal): Promise<void>;
  verify(signal: AbortSignal): Promise<boolean>;
}

/** An effect on this side; its name ends with the side. */
export function effectOn(side: PostgresSide, name: string, parts: Parts): Effect {
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
