import type { Effect } from '../ports/effect';
import type { Reporter } from '../ports/operator';
import type { Journal } from './journal';
import { messageOf } from './journal';
import type { Perform } from './step';

/** An effect whose call returned, yet the world is not as wanted. */
export class EffectError extends Error {
  override readonly name = 'EffectError';
}

/**
 * The one place where the world is changed: intent journalled durably, then the call, then the outcome. An effect that
 * is already true is journalled as such and not called.
 */
export function performWith(options: {
  journal: Journal;
  reporter: Reporter;
  signal: AbortSignal;
  /** Undo goes on when the journal cannot be reached. */
  undoing: boolean;
  /** True once the decision stands: what follows goes on without the journal as undo does, or nobody could write. */
  mustGoOn?: () => boolean;
}): Perform {
  const { journal, reporter, signal, undoing, mustGoOn = () => false } = options;
  // What has happened is kept in any case: only the next intent may be refused for want of a journal.
  const record = (effect: Effect, outcome: 'applied' | 'already' | 'failed', error?: string) =>
    journal.append({ type: 'effect.outcome', effect: effect.name, outcome, undoing, error }, signal, true);

  return async (effect) => {
    signal.throwIfAborted();
    await journal.append(
      { type: 'effect.intent', effect: effect.name, touches: effect.touches, undoing },
      signal,
      undoing || mustGoOn(),
    );
    reporter.report({ type: 'effect', name: effect.name, phase: 'intent' });
    try {
      const already = await effect.precheck(signal);
      if (!already) {
        await effect.act(signal);
        if (!(await effect.verify(signal)))
          throw new EffectError(`${effect.name}: done, but not seen in ${effect.touches}`);
      }
      const outcome = already ? 'already' : 'applied';
      await record(effect, outcome);
      reporter.report({ type: 'effect', name: effect.name, phase: outcome });
    } catch (error) {
      reporter.report({ type: 'effect', name: effect.name, phase: 'failed' });
      // The failure itself matters more than its record.
      await record(effect, 'failed', messageOf(error)).catch(() => undefined);
      throw error;
    }
  };
}
