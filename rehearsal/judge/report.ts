import { INVARIANTS } from './finding';
import type { RehearsalSummary } from './result';
import type { Switch } from './write-pause';
import type { SwitchParts } from './switch-parts';

/** One thing that happened, for the timeline. */
export interface TimelineEntry {
  /** Epoch milliseconds. */
  at: number;
  text: string;
}

const PROMISES: Record<(typeof INVARIANTS)[number], string> = {
  I1: 'every acknowledged write is there exactly once',
  I2: 'at no instant did both sides accept writes',
  I3: 'a side opened only when all of the other was applied',
  I4: 'new keys are above all old ones',
  I5: 'the way back lost nothing',
  I6: 'the records never split and never vanished',
  I7: 'a stale operator is refused',
  I8: 'from any crash to done or rolled back',
  I9: 'an unwound switch leaves all as it was',
  I10: 'the verifier never says equal of what differs',
  I11: 'the write pause stayed within its budget',
  I12: 'the journal verifies and no secret leaked',
};

const MARKS = { held: 'held', violated: 'VIOLATED', 'not exercised': 'not exercised' } as const;

/** The end of a rehearsal for a person: what happened when, what the clients felt, and how each promise was checked. */
export function renderReport(summary: RehearsalSummary, timeline: TimelineEntry[]): string {
  const { judgement } = summary;
  const begin = timeline[0]?.at ?? 0;
  return [
    `Rehearsal of ${summary.migration}: ${summary.outcome}, ${summary.durationSeconds.toFixed(1)} s`,
    ...asMeant(summary),
    '',
    'Timeline',
    ...timeline.map(({ at, text }) => `  ${((at - begin) / 1000).toFixed(1).padStart(7)} s  ${text}`),
    '',
    'Writes',
    `  ${judgement.acknowledgedWrites} acknowledged, ${judgement.ambiguousWrites} with an unknown answer, ` +
      `${judgement.lostWrites} lost, ${judgement.duplicateWrites} doubled, ` +
      `${judgement.writesAcceptedByBothSides} on a side that was not primary`,
    ...quietest(summary),
    '',
    'Write pause, as the clients saw it',
    ...judgement.switches.map((each, at) => pauseLine(each, summary.parts[at] ?? {})),
    ...(judgement.switches.length === 0 ? ['  none'] : ["  (this drain is the rehearsal's replicator, not DMS)"]),
    '',
    'Invariants',
    ...INVARIANTS.flatMap((name) => {
      const { verdict, how, evidence } = judgement.invariants[name];
      const head = `  ${name.padEnd(3)} ${MARKS[verdict].padEnd(13)} ${PROMISES[name]}`;
      return [head, ...wrapped(`checked: ${how}`), ...evidence.flatMap(wrapped)];
    }),
    '',
  ].join('\n');
}

/** Says something only where the scenario is about a misfortune. */
function asMeant({ ending, expected, faultsNotHappened }: RehearsalSummary): string[] {
  const course = ending === 'passed' ? 'went to their end' : `ended: ${ending}`;
  const ended = ending === 'passed' && expected === 'passed' ? [] : [`  the runbooks ${course}; expected: ${expected}`];
  return [...ended, ...faultsNotHappened.map((each) => `  a fault did not happen: ${each}`)];
}

function quietest({ judgement }: RehearsalSummary): string[] {
  const { quietestSecond } = judgement;
  if (quietestSecond === undefined) return [];
  const at = new Date(quietestSecond.at).toISOString().slice(11, 19);
  return [
    `  at least ${quietestSecond.acknowledged} acknowledged in every second outside the pauses (fewest at ${at} UTC)`,
  ];
}

function pauseLine(
  { verb, direction, writePauseMilliseconds, reconnectMilliseconds }: Switch,
  parts: SwitchParts,
): string {
  const { p50, p99, max } = writePauseMilliseconds;
  const shares = Object.entries({ ...parts, reconnect: reconnectMilliseconds }).map(
    ([part, value]) => `${part} ${shown(value)}`,
  );
  return `  ${verb} (${direction}): p50 ${shown(p50)}, p99 ${shown(p99)}, longest ${shown(max)}; ${shares.join(', ')}`;
}

function shown(milliseconds: number): string {
  return Number.isFinite(milliseconds) ? `${Math.round(milliseconds)} ms` : 'never ended';
}

const WIDTH = 100;

/** Lines of an indented paragraph, broken between words. */
function wrapped(text: string): string[] {
  const lines: string[] = [];
  let line = '';
  for (const word of text.split(' ')) {
    if (line !== '' && line.length + word.length >= WIDTH) {
      lines.push(line);
      line = '';
    }
    line += line === '' ? word : ` ${word}`;
  }
  return [...lines, line].map((each, at) => `${' '.repeat(at === 0 ? 18 : 20)}${each}`);
}
