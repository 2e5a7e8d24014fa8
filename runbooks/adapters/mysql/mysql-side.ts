import type { ConnectionOptions } from 'mysql2';
import type { Manifest, SideName } from '../../../definition/manifest/sections';
import type { Clock, Nonces } from '../../ports/clock';
import type { Effect } from '../../ports/effect';
import type { Address } from '../address';
import type { RememberedSecrets } from '../remembered-secrets';
import type { EffectConnection } from './effect-connection';
import type { ReadingPool } from './reading-pool';

export type Product = 'mysql' | 'mariadb';

/** What every port of one MySQL or MariaDB side works with. */
export interface MysqlSide {
  readonly side: SideName;
  readonly manifest: Manifest;
  readonly migration: string;
  /** `source database (MariaDB 10.11.11 at host:port)`, for messages. */
  readonly title: string;
  readonly address: Address;
  /** Name of the account that the runbook is logged in as, without its host. */
  readonly account: string;
  readonly product: Product;
  /** Major, minor and patch with two digits each: 101111 is 10.11.11, 80042 is 8.0.42. */
  readonly version: number;
  readonly reading: ReadingPool;
  /** For connections of the runbook's account beside these two: those that read the binlog. */
  readonly login: (programName: string) => ConnectionOptions;
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
export function effectOn(side: MysqlSide, name: string, parts: Parts): Effect {
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
