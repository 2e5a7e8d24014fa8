export interface LockReading {
  readonly epoch: number;
  readonly holder?: {
    readonly name: string;
    readonly runId: string;
    readonly verb: string;
    readonly takenAt: string;
    readonly renewedAt: string;
  };
}

export type LockAttempt = { taken: true; epoch: number } | { taken: false; reading: LockReading };

/**
 * The lock of a migration: one S3 object changed by conditional writes only. Epochs only grow; a released lock keeps
 * its number. These calls are the ground that effects stand on, so they are journalled by the run itself.
 */
export interface MigrationLock {
  read(signal: AbortSignal): Promise<LockReading | undefined>;
  /** Takes the free lock, or with `takeOver` also a held one; each with the next epoch. */
  take(wish: { runId: string; verb: string; takeOver: boolean }, signal: AbortSignal): Promise<LockAttempt>;
  /** Refreshes `renewedAt`; false when the lock is no longer ours. */
  renew(signal: AbortSignal): Promise<boolean>;
  release(signal: AbortSignal): Promise<void>;
}
