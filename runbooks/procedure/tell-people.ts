import type { Reporter } from '../ports/operator';
import type { World } from '../ports/world';
import type { Outcome } from './exit-code';
import { messageOf } from './journal';
import type { Perform } from './step';

/** Tells those who are not at the terminal how a run ended. That it cannot be told changes nothing about how it ended. */
export async function tellPeople(
  world: World,
  { verb, runId }: { verb: string; runId: string },
  { outcome, error, next }: { outcome: Outcome; error?: unknown; next: string },
  perform: Perform,
  reporter: Reporter,
): Promise<void> {
  const { environment, migration } = world.manifest.identity;
  const notice = world.notifier.notify({
    title: `${migration} in ${environment}: ${verb} ${outcome}`,
    text: error === undefined ? `cutover ${verb} ended: ${outcome}.` : `cutover ${verb} ended: ${messageOf(error)}`,
    threadId: runId,
    nextSteps: [next],
  });
  await perform(notice).catch((cause: unknown) =>
    reporter.report({
      type: 'message',
      code: 'not-notified',
      level: 'warning',
      text: `nobody was told: ${messageOf(cause)}`,
    }),
  );
}
