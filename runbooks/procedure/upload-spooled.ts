import type { JournalStore } from '../ports/journal-store';
import type { Reporter } from '../ports/operator';
import { messageOf, type Journal } from './journal';

/**
 * What earlier runs could not store goes to the store before this run does anything, and this run's journal says so. What
 * still cannot be stored stays where it is: a run that may save the day does not fail for the evidence of another.
 */
export async function uploadSpooled(options: {
  store: JournalStore;
  journal: Journal;
  reporter: Reporter;
  signal: AbortSignal;
}): Promise<void> {
  const { store, journal, reporter, signal } = options;
  try {
    const uploaded = await store.uploadSpooled(signal);
    for (const { runId, records } of uploaded) {
      await journal.append({ type: 'journal.uploaded', of: runId, records }, signal);
      reporter.report({
        type: 'message',
        code: 'journal-uploaded',
        level: 'info',
        text: `${records} journal records of ${runId}, kept on this computer, stand in the store now`,
      });
    }
  } catch (cause) {
    signal.throwIfAborted();
    reporter.report({
      type: 'message',
      code: 'journal-not-uploaded',
      level: 'warning',
      text: `journal records of an earlier run stay in .cutover/spool: ${messageOf(cause)}`,
    });
  }
}
