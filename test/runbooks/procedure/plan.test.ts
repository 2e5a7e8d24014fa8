import { StaleEpochError, UsageError } from '../../../runbooks/ports/failures';
import { InterruptedError } from '../../../runbooks/procedure/deadline';
import { no, quality, safety, yes, type Gate } from '../../../runbooks/procedure/gate';
import { showPlan } from '../../../runbooks/procedure/plan';
import type { Procedure } from '../../../runbooks/procedure/procedure';
import { Recorder } from './fakes';

const never = new AbortController().signal;
const failing = (title: string, error: unknown): Gate =>
  safety(title, async () => {
    throw error;
  });
const procedureOf = (gates: readonly Gate[]): Procedure => ({
  ...({ verb: 'check', purpose: '', impact: 'none', primaryAfter: 'source', next: 'cutover switch' } as const),
  elements: [
    { title: 'before', gates },
    { title: 'after', gates: [quality('late', async () => yes())] },
  ],
});

async function shown(gates: readonly Gate[], signal = never, how?: 'asked or refused') {
  const reporter = new Recorder();
  const reasons = await showPlan(procedureOf(gates), reporter, signal, how);
  return { reasons, gates: reporter.events.filter((event) => event.type === 'gate') };
}

describe('a plan', () => {
  it('takes a gate that cannot be asked for a no, asks the others, and tells each cause once', async () => {
    const gone = new UsageError('database-unreachable', 'the source is gone', { next: 'check the network' });
    const refusal = no({ code: 'alarm', text: 'it rings' });
    const asked = [
      failing('sessions', gone),
      quality('alarms', async () => refusal),
      failing('keys', gone),
      failing('grants', new Error('permission denied')),
    ];
    const { reasons, gates } = await shown(asked, never, 'asked or refused');
    expect(gates.map(({ title, answer }) => [title, answer])).toEqual([
      ['sessions', 'no'],
      ['alarms', 'no'],
      ['keys', 'no'],
      ['grants', 'no'],
      ['late', 'yes'],
    ]);
    expect(gates[0]?.reason).toMatchObject({ code: 'gate-not-asked', text: 'could not be asked: the source is gone' });
    expect(reasons).toMatchObject([
      {
        code: 'gate-not-asked',
        text: '“sessions”, “keys” could not be asked: the source is gone',
        value: 2,
        next: 'check the network',
      },
      { code: 'gate-not-asked', text: '“grants” could not be asked: permission denied' },
      { code: 'alarm' },
    ]);
  });

  it.each([new InterruptedError('interrupted'), new StaleEpochError('taken over')])(
    'goes no further after %p',
    async (error) => {
      await expect(shown([failing('sessions', error)], never, 'asked or refused')).rejects.toBe(error);
    },
  );

  it('says that it was interrupted, whatever the interruption broke', async () => {
    const stop = new AbortController();
    const gate = safety('slow', async () => {
      stop.abort(new InterruptedError('interrupted'));
      throw new Error('the connection was ended');
    });
    await expect(shown([gate], stop.signal, 'asked or refused')).rejects.toThrow(InterruptedError);
  });

  it('ends where a gate cannot be asked, before anything is changed', async () => {
    await expect(shown([failing('sessions', new Error('gone'))])).rejects.toThrow('gone');
  });

  it('asks once, and tells the reason once, where an execution asks again', async () => {
    let times = 0;
    const gate = safety('sessions', async () => {
      times += 1;
      return no({ code: 'undeclared-account', text: 'nightly is let in' });
    });
    const step = { title: 'pause', touches: '', act: async () => undefined };
    const again = { title: 'Still nothing forbids it', gates: [gate] };
    const reporter = new Recorder();
    const procedure = { ...procedureOf([gate]), elements: [{ title: 'before', gates: [gate] }, step, again] };
    expect(await showPlan(procedure, reporter, never)).toHaveLength(1);
    expect(times).toBe(1);
    expect(reporter.events.map((event) => event.type)).toEqual(['gate', 'plan.step', 'progress']);
    expect(reporter.events.at(-1)).toMatchObject({
      text: 'Still nothing forbids it: 1 of the gates above are asked once more',
    });
  });
});
