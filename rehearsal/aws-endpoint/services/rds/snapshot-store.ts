import { DBSnapshotAlreadyExistsFault, DBSnapshotNotFoundFault } from '@aws-sdk/client-rds';
import type { DBInstance, DBSnapshot } from '@aws-sdk/client-rds';
import type { EndpointSeed } from '../../seed';

/** Snapshots: `creating` for the seed's `snapshotSeconds`, then `available`. */
export class SnapshotStore {
  private readonly snapshots = new Map<string, { snapshot: DBSnapshot; startedAt: number }>();
  private readonly seed: EndpointSeed;

  constructor(seed: EndpointSeed) {
    this.seed = seed;
  }

  /** @throws DBSnapshotAlreadyExistsFault */
  create(source: DBInstance, identifier: string): DBSnapshot {
    if (this.snapshots.has(identifier)) {
      const message = `Cannot create the snapshot because a snapshot with the identifier ${identifier} already exists.`;
      throw new DBSnapshotAlreadyExistsFault({ message, $metadata: {} });
    }
    const { accountId, region } = this.seed;
    const snapshot: DBSnapshot = {
      DBSnapshotIdentifier: identifier,
      DBSnapshotArn: `arn:aws:rds:${region}:${accountId}:snapshot:${identifier}`,
      DBInstanceIdentifier: source.DBInstanceIdentifier,
      Engine: source.Engine,
      EngineVersion: source.EngineVersion,
      SnapshotType: 'manual',
      SnapshotCreateTime: new Date(),
      Encrypted: source.StorageEncrypted,
    };
    this.snapshots.set(identifier, { snapshot, startedAt: Date.now() });
    return this.describe(identifier);
  }

  /** @throws DBSnapshotNotFoundFault for an identifier that no snapshot has */
  find(identifier: string | undefined, instance: string | undefined): DBSnapshot[] {
    if (identifier !== undefined && !this.snapshots.has(identifier)) {
      throw new DBSnapshotNotFoundFault({ message: `DBSnapshot ${identifier} not found.`, $metadata: {} });
    }
    const all = identifier === undefined ? [...this.snapshots.keys()] : [identifier];
    return all
      .map((key) => this.describe(key))
      .filter(({ DBInstanceIdentifier: owner }) => instance === undefined || owner === instance);
  }

  private describe(identifier: string): DBSnapshot {
    const { snapshot, startedAt = 0 } = this.snapshots.get(identifier) ?? {};
    const seconds = (Date.now() - startedAt) / 1000;
    const done = seconds >= this.seed.snapshotSeconds;
    const percent = done ? 100 : Math.floor((seconds / this.seed.snapshotSeconds) * 100);
    return { ...snapshot, Status: done ? 'available' : 'creating', PercentProgress: percent };
  }
}
