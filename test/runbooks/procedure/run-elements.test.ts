import { StaleEpochError } from '../../../runbooks/ports/failures';
import { quality, no, safety, yes } from '../../../runbooks/procedure/gate';
import { GateRefusal } from '../../../runbooks/procedure/gate-refusal';
import { Journal } from '../../../runbooks/procedure/journal';
import { performWith } from '../../../runbooks/procedure/perform';
import { runElements, type Progress, type RunnerTools } from '../../../runbooks/procedure/run-elements';
import type { Element, Step } from '../../../runbooks/procedure/step';
import { unwind } from '../../../runbooks/procedure/unwind';
import { pauseWithin } from '../../../runbooks/procedure/write-pause-budget';
import { effectOn, FakeClock, MemoryJournal, Recorder } from './fakes';

const never = new AbortController().signal;

function bench() {
  const clock = new FakeClock();
  const store = new MemoryJournal();
  const reporter = new Recorder();
  const journal = new Journal({ store, clock, runId: 'run', actor: 'ada' });
  const perform = (signal: AbortSignal) => performWith({ journal, reporter, signal, undoing: false });
  const undo = performWith({ journal, reporter, signal: never, undoing: true });
  const budget = { maxWritePauseSeconds: 20, undoSeconds: 3, ttlSeconds: 1, propagationSeconds: 3 };
  const tools: RunnerTools = {
    perform,
    journal,
    reporter,
    clock,
    signal: never,
    beginPause: pauseWithin(clock, budget),
  };
  const progress: Progress = { registered: [], decided: false };
  return { clock, store, reporter, tools, progress, undo, world: new Set<string>() };
}

const step = (world: Set<string>, name: string, fault?: 'throws' | 'is not seen'): Step => ({
  title: name,
  touches: name,
  act: (perform) => perform(effectOn(world, name, fault)),
  undo: async () => void world.delete(name),
});

describe('running a procedure', () => {
  it('performs the steps in order and journals each effect before and after', async () => {
    const { tools, progress, store, world } = bench();
    await runElements([step(world, 'one'), step(world, 'two')], tools, progress);
    expect([...world]).toEqual(['one', 'two']);
    expect(store.entries().map((entry) => `${entry.type} ${entry.effect}`)).toEqual([
      'effect.intent one',
      'effect.outcome one',
      'effect.intent two',
      'effect.outcome two',
    ]);
  });

  it('asks every gate and gives all the reasons at once', async () => {
    const { tools, progress, reporter } = bench();
    const refusal = (code: string) => safety(code, async () => no({ code, text: code }));
    const gates = [refusal('first'), quality('fine', async () => yes()), refusal('second')];
    const error = await runElements([{ title: 'gates', gates }], tools, progress).catch((cause: unknown) => cause);
    expect(error).toBeInstanceOf(GateRefusal);
    expect((error as GateRefusal).reasons.map((reason) => reason.code)).toEqual(['first', 'second']);
    expect(reporter.events.filter((event) => event.type === 'gate')).toHaveLength(3);
  });

  it('registers the undo before the step acts: a failing step is undone too', async () => {
    const { tools, progress, undo, reporter, world } = bench();
    const elements: Element[] = [step(world, 'one'), step(world, 'two', 'throws'), step(world, 'three')];
    await expect(runElements(elements, tools, progress)).rejects.toThrow('two failed');
    expect(progress.registered.map((each) => each.title)).toEqual(['one', 'two']);
    expect(await unwind(progress.registered, undo, reporter, never)).toEqual([]);
    expect(world.size).toBe(0);
  });

  it('takes an effect that is not seen afterwards for a failure', async () => {
    const { tools, progress, world } = bench();
    await expect(runElements([step(world, 'one', 'is not seen')], tools, progress)).rejects.toThrow('not seen');
  });

  it('starts no forward effect without a journal', async () => {
    const { tools, progress, store, world } = bench();
    store.reachable = false;
    await expect(runElements([step(world, 'one')], tools, progress)).rejects.toThrow('journal cannot be written');
    expect(world.size).toBe(0);
  });

  it('goes on unwinding after a failed undo and reports it', async () => {
    const { undo, reporter, world } = bench();
    world.add('one');
    const broken: Step = {
      title: 'broken',
      touches: '',
      act: async () => undefined,
      undo: async () => Promise.reject(new Error('no')),
    };
    const failed = await unwind([step(world, 'one'), broken], undo, reporter, never);
    expect(failed).toMatchObject([{ title: 'broken', error: 'no' }]);
    expect(world.size).toBe(0);
  });

  it('says that all is as before only when all is undone', async () => {
    const { world, undo, reporter } = bench();
    world.add('begun');
    const begin = { ...step(world, 'begun'), undoEnds: true } as const;
    const broken: Step = {
      ...step(world, 'broken'),
      undo: async () => {
        throw new Error('no');
      },
    };
    expect(await unwind([begin, broken], undo, reporter, never)).toMatchObject([
      { title: 'broken' },
      { title: 'begun' },
    ]);
    expect(world).toContain('begun');
    expect(await unwind([begin], undo, reporter, never)).toEqual([]);
    expect(world.size).toBe(0);
  });

  it('undoes nothing more once a later run has taken over', async () => {
    const { world, undo, reporter } = bench();
    world.add('one');
    const stale: Step = {
      ...step(world, 'stale'),
      undo: async () => {
        throw new Error('not written', { cause: new StaleEpochError('taken over') });
      },
    };
    await expect(unwind([step(world, 'one'), stale], undo, reporter, never)).rejects.toThrow('not written');
    expect(world).toContain('one');
  });

  it('skips a step that is already true', async () => {
    const { tools, progress, world } = bench();
    await runElements([{ ...step(world, 'one', 'throws'), done: async () => true }], tools, progress);
    expect(progress.registered).toEqual([]);
  });

  it('ends the pause by itself when the budget leaves no room', async () => {
    const { tools, progress, world } = bench();
    const endless: Step = {
      title: 'drain',
      touches: '',
      act: async (_perform, signal) => {
        for (;;) await tools.clock.sleep(100, signal);
      },
    };
    const fence: Step = { ...step(world, 'fence'), pause: 'begins' };
    await expect(runElements([fence, endless], tools, progress)).rejects.toThrow('write pause would pass its budget');
    expect(progress.decided).toBe(false);
  });

  it('runs no budget after the decision', async () => {
    const { tools, progress, world } = bench();
    const decide: Step = { ...step(world, 'decide'), undo: undefined, decides: async () => true };
    const bake: Step = { title: 'bake', touches: '', act: (_perform, signal) => tools.clock.sleep(3_600, signal) };
    await runElements([{ ...step(world, 'fence'), pause: 'begins' }, decide, bake], tools, progress);
    expect(progress.decided).toBe(true);
  });
});
