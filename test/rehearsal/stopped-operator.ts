import { existsSync, readFileSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import { rehearsalEnvironmentName } from '../../rehearsal/local-place';
import type { BegunRun } from '../../rehearsal/operator';
import type { RehearsalWorld } from '../../rehearsal/world';
import { operatorCommand } from './small-rehearsal';

const patienceMilliseconds = 60_000;

function isStopped(processId: number): boolean {
  const stat = `/proc/${processId}/stat`;
  if (!existsSync(stat)) throw new Error('the operator has ended without coming there');
  return readFileSync(stat, 'utf8').split(') ').at(-1)?.startsWith('T') ?? false;
}

/** An operator whose process stands still exactly at this boundary; SIGCONT lets it go on. */
export async function stoppedAt({ operator }: RehearsalWorld, verb: string, boundary: string): Promise<BegunRun> {
  const stopping = operator.with(operatorCommand('dying-operator', `${boundary}:SIGSTOP`));
  const running = stopping.begin(verb, '--execute', '--confirm', rehearsalEnvironmentName);
  for (const deadline = Date.now() + patienceMilliseconds; !isStopped(running.child.processId); await sleep(50))
    if (Date.now() > deadline) throw new Error(`not stopped: ${JSON.stringify(running.events.slice(-3))}`);
  return running;
}
