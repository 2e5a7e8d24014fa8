import type { Manifest, SideName } from '../../../definition/manifest/sections';
import type { Clock } from '../../ports/clock';
import type { Effect } from '../../ports/effect';
import type { Writer } from '../../ports/writers';
import { runCommand } from './run-command';

type WriterManifest = Manifest['writers']['writers'][number];

/** How long one declared command may take, and how long until its proof shows the effect. */
const commandSeconds = 60;
const proofSeconds = 60;
const proofEveryMilliseconds = 200;

const slug = (name: string): string =>
  name
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, '-')
    .replace(/^-|-$/g, '');

/**
 * A writer that is paused and resumed by the commands that the definition declares.
 * @param assertHeld throws when this run no longer holds the lock: a command cannot refuse an epoch by itself
 */
export function commandWriter(
  declared: WriterManifest,
  clock: Clock,
  mode: 'plan' | 'execute',
  assertHeld: (signal: AbortSignal) => Promise<void> = async () => undefined,
): Writer {
  const { name } = declared;
  const run = async (kind: 'pause' | 'resume', argv: readonly string[], signal: AbortSignal): Promise<void> => {
    if (mode === 'plan') throw new Error(`${kind} of writer "${name}" would change something; a plan only reads`);
    await assertHeld(signal);
    const { exitCode } = await runCommand(argv, { deadlineSeconds: commandSeconds, output: 'show', signal });
    if (exitCode !== 0) throw new Error(`writer "${name}": the ${kind} command ${argv[0]} ended with ${exitCode}`);
  };
  const isPaused = async (signal: AbortSignal): Promise<boolean> => {
    const options = { deadlineSeconds: commandSeconds, output: 'hide', signal } as const;
    return (await runCommand(declared.prove, options)).exitCode === 0;
  };
  /** What a command set going may take its time, e.g. a deployment that is scaled down. */
  const becomes = async (paused: boolean, signal: AbortSignal): Promise<boolean> => {
    const end = clock.nowMilliseconds() + proofSeconds * 1000;
    while ((await isPaused(signal)) !== paused) {
      if (clock.nowMilliseconds() >= end) return false;
      await clock.sleep(proofEveryMilliseconds, signal);
    }
    return true;
  };

  return {
    name,
    pause: (): Effect => ({
      name: `pause-writer-${slug(name)}`,
      touches: `writer "${name}": ${declared.pause[0]}`,
      precheck: isPaused,
      act: (signal) => run('pause', declared.pause, signal),
      verify: (signal) => becomes(true, signal),
    }),
    resume: (primary: SideName): Effect => ({
      name: `resume-writer-${slug(name)}`,
      touches: `writer "${name}": ${declared.resume[0]}`,
      // That it is not paused does not say on which side it writes: the command is always run.
      precheck: async () => false,
      act: (signal) =>
        run(
          'resume',
          declared.resume.map((part) => part.replaceAll('{primary}', primary)),
          signal,
        ),
      verify: (signal) => becomes(false, signal),
    }),
    isPaused,
  };
}
