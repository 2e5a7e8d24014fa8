import type { Line } from '../../../rehearsal/processes/output-lines';
import type { OperatorRun } from '../../../rehearsal/operator';
import type { Stage } from './stage';

/** What the operator is told when a gate says no. */
interface Told {
  readonly code?: string;
  readonly text?: string;
  readonly setting?: string;
  readonly next?: string;
}

export const reasonsOf = (run: OperatorRun): Told[] =>
  run.events
    .filter((event) => event['type'] === 'gate' && event['answer'] === 'no')
    .map((event) => event['reason'] as Told);

/** Refusals that no gate gave: usage, configuration, situation. */
export const errorsOf = (run: OperatorRun): Line[] =>
  run.events.filter((event) => event['type'] === 'message' && event['level'] === 'error');

export const lastWordsOf = (run: OperatorRun): Line | undefined =>
  run.events.findLast((event) => event['type'] === 'run.finished');

/** What the last line says can be typed as it stands. */
export const runnable = /^(cutover [a-z-]+ \S+ --environment \S+( --\S+( [^\s-]\S*)?)*|(aws|npx cdk) [^,]+)$/;

/** A misfortune that makes one gate say no, and its end. */
export interface Provocation {
  readonly title: string;
  readonly provoke: (stage: Stage) => Promise<unknown>;
  /** @param told what the refusal of this provocation said */
  readonly undo?: (stage: Stage, told: Told | undefined) => Promise<unknown>;
  readonly code: string;
  /** Value and limit, as they stand in the text. */
  readonly says: RegExp;
  readonly setting?: string;
  readonly next?: RegExp;
}

interface Refused {
  readonly run: OperatorRun;
  readonly before: unknown;
  readonly after: unknown;
}

const toldOf = (run: OperatorRun, { code, says }: Provocation): Told | undefined =>
  reasonsOf(run).find((reason) => reason.code === code && says.test(reason.text ?? ''));

async function refusedRun(
  stage: Stage,
  verb: readonly string[],
  provocations: readonly Provocation[],
): Promise<Refused> {
  const [name = '', ...rest] = verb;
  const provoked: Provocation[] = [];
  let run: OperatorRun | undefined;
  try {
    for (const provocation of provocations) {
      provoked.push(provocation);
      await provocation.provoke(stage);
    }
    const before = await stage.fingerprint();
    const { operator } = stage.world;
    run = await (name === 'check' ? operator.run(name, ...rest) : operator.execute(name, ...rest));
    return { run, before, after: await stage.fingerprint() };
  } finally {
    for (const provocation of provoked.reverse())
      await provocation.undo?.(stage, run && toldOf(run, provocation)).catch((error: unknown) => {
        throw new Error(`${provocation.title} cannot be undone`, { cause: error });
      });
  }
}

/** All at once: gates give every reason, so one run shows that each is seen beside the others. */
export function refusesTogether(
  title: string,
  stage: () => Stage,
  verb: readonly string[],
  provocations: readonly Provocation[],
): void {
  describe(title, () => {
    let refused: Refused;
    beforeAll(async () => {
      refused = await refusedRun(stage(), verb, provocations);
    });

    it('ends with exit code 3, and says who is primary, who accepts writes, and one next command', () => {
      expect(refused.run.standardError).toBe('');
      expect(lastWordsOf(refused.run)).toMatchObject({
        exitCode: 3,
        primary: 'source',
        writesAccepted: 'source',
        next: expect.stringMatching(runnable) as string,
      });
      expect(refused.run.exitCode).toBe(3);
    });

    it('changes nothing', () => expect(refused.after).toEqual(refused.before));

    it.each(provocations.map((each) => [each.title, each] as const))('refuses because of %s', (_title, provocation) => {
      const told = toldOf(refused.run, provocation);
      if (!told)
        throw new Error(
          `no reason ${provocation.code} like ${provocation.says} in ${JSON.stringify(reasonsOf(refused.run), null, 1)}`,
        );
      expect(told.setting).toMatch(provocation.setting ?? /^[\w./[\]-]+$/);
      expect(told.next).toMatch(provocation.next ?? /\S/);
      // The text stands once more among the errors at the end, with its code.
      expect(errorsOf(refused.run).map((error) => error['code'])).toContain(provocation.code);
    });
  });
}
