import type { Manifest } from '../../definition/manifest/sections';
import type { PauseBudget } from './pause-parts';

/** Some effects, each journalled twice: enough where the definition keeps nothing back. Seconds. */
const defaultUndoSeconds = 2;

/** The parts of the write pause as the manifest has them. */
export const budgetOf = ({ gates, routing }: Manifest): PauseBudget => ({
  maxWritePauseSeconds: gates.maxWritePauseSeconds,
  undoSeconds: gates.undoReserveSeconds ?? defaultUndoSeconds,
  ttlSeconds: Math.max(
    ...routing.records.filter((record) => record.kind === 'write').map((record) => record.ttlSeconds),
  ),
  propagationSeconds: gates.maxPropagationSeconds,
});
