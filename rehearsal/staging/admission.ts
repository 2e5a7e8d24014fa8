import type { Scenario } from '../scenarios/scenario';
import { checkConfirmed, isConfirmed, type Answers } from './confirmation';
import { clearAway } from './clear-away';
import { hold } from './hold';
import { lookAtStaging } from './look';
import { madeSlots } from './made-names';
import { planOf, refusalOf } from './plan';
import { reachStaging } from './reach';
import type { StagingPair, StagingRequest } from './staging-pair';

/** Why no rehearsal begins, for whoever asked for one; `exitCode` as the product has it for a gate's no and a person's. */
export class NotAdmitted extends Error {
  readonly exitCode: 3 | 4;
  constructor(exitCode: 3 | 4, message: string) {
    super(message);
    this.exitCode = exitCode;
  }
}

/**
 * Before anything is written to running databases: reaches them, looks at them, says what would be done there, and asks.
 * Leftovers of a rehearsal that was killed are taken away once the answer is yes.
 * @throws UnusableStaging where what was typed cannot be used; NotAdmitted where the databases or the person say no
 */
export async function admitted(
  request: StagingRequest,
  scenario: Scenario,
  { say, answers }: { say: (text: string) => void; answers: () => Answers },
): Promise<StagingPair> {
  checkConfirmed(request.confirmed, request);
  const pair = await reachStaging(request);
  const look = await lookAtStaging(pair, scenario);
  if (look.problems.length > 0) throw new NotAdmitted(3, refusalOf(look));
  say(`${planOf(pair, scenario, look)}\n`);
  let next: Answers | undefined;
  const ask = (question: string) => {
    say(question);
    return (next ??= answers())();
  };
  if (!(await isConfirmed(request.confirmed, pair, ask)))
    throw new NotAdmitted(4, 'That is not the name. Nothing was written.');
  if (look.source.leftBySince === undefined && look.target.leftBySince === undefined) return pair;
  const letGo = await hold(pair);
  try {
    for (const text of await clearAway(pair, madeSlots(scenario))) say(`${text}\n`);
  } finally {
    await letGo();
  }
  const again = await lookAtStaging(pair, scenario);
  if (again.problems.length > 0) throw new NotAdmitted(3, refusalOf(again));
  return pair;
}
