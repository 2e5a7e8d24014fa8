import type { EnvironmentKind } from './schema/environment';

/** What may not be undercut, by kind of environment; in seconds. */
export const minimums: Record<EnvironmentKind, { rollbackWindowSeconds: number; consistencyHoldSeconds: number }> = {
  development: { rollbackWindowSeconds: 0, consistencyHoldSeconds: 0 },
  staging: { rollbackWindowSeconds: 3_600, consistencyHoldSeconds: 300 },
  production: { rollbackWindowSeconds: 86_400, consistencyHoldSeconds: 3_600 },
};
