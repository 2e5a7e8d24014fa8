import { appliedBeforeOpen, nothingLostOnTheWayBack } from '../../../rehearsal/judge/applied-before-open';
import { openSides } from '../../../rehearsal/judge/engine-facts';
import { newKeys } from '../../../rehearsal/judge/new-keys';
import { oneSideWrites } from '../../../rehearsal/judge/one-side-writes';
import { applicationCommits, phasesOf } from '../../../rehearsal/judge/phases';
import { BEGIN, commit, gate, type History, nth, soundHistory, window, write } from './history';

const phases = ({ ledger, facts, windows }: History) => phasesOf(applicationCommits(ledger, facts), windows);
const oneSide = (history: History) =>
  oneSideWrites(
    applicationCommits(history.ledger, history.facts),
    phases(history),
    history.ledger,
    openSides(history.facts),
  );

describe('only one side accepts writes (I2)', () => {
  test('holds when each side commits in its own time', () => {
    const history = soundHistory();
    expect(phases(history).phases.map((phase) => phase.side)).toEqual(['source', 'target', 'source', 'target']);
    expect(oneSide(history).verdict).toBe('held');
  });

  test('is violated by one late commit on the old side within the switch', () => {
    const history = soundHistory();
    commit(history, write('source', 1510, 1000, { key: ['101'], row: null }));
    expect(phases(history).strays).toHaveLength(1);
    expect(oneSide(history)).toMatchObject({
      verdict: 'violated',
      evidence: [expect.stringContaining('writer-1 #1000')],
    });
  });

  test('is violated by a probe that gets through to the fenced side between operators’ runs', () => {
    const history = soundHistory();
    history.facts.source.probes.push(BEGIN + 2000);
    expect(oneSide(history).evidence[0]).toContain('probe was committed by the source');
  });

  test('is violated by a commit elsewhere during a switch that was unwound', () => {
    const history = soundHistory();
    history.windows.push(window('switch', 6000, 6500));
    history.facts.source.probes.push(BEGIN + 6200);
    expect(oneSide(history).verdict).toBe('violated');
  });

  test('is violated when samples show both sides unlocked', () => {
    const history = soundHistory();
    history.ledger.gates.push(gate('source', 2900, 3100));
    expect(oneSide(history).evidence[0]).toContain('both sides unlocked');
  });

  test('lets the way back and the next switch follow each other without a write between them', () => {
    const history = soundHistory();
    history.windows = [window('switch', 900, 1600), window('roll-back', 2900, 4950), window('switch', 4951, 5600)];
    history.ledger.transactions = history.ledger.transactions.filter(
      (each) => each.ended < BEGIN + 4940 || each.ended > BEGIN + 5000,
    );
    expect(oneSide(history).verdict).toBe('held');
    expect(phases(history).phases).toHaveLength(4);
  });

  test('lets a run be taken up by another without a write between them', () => {
    const history = soundHistory();
    history.windows[0] = window('switch', 900, 1200);
    history.windows.push(window('resume', 1210, 1600));
    expect(oneSide(history).verdict).toBe('held');
  });
});

describe('a side opens only when all is applied there (I3)', () => {
  const judged = (history: History) => appliedBeforeOpen(history.ledger, history.facts, phases(history));

  test('holds in a sound history and says how early the last one came', () => {
    expect(judged(soundHistory())).toMatchObject({ verdict: 'held', evidence: { length: 3 } });
  });

  test('is violated when one write is applied after the first write of the new side', () => {
    const history = soundHistory();
    history.facts.target.entries.set('writer-1 #50', [BEGIN + 1503]);
    expect(judged(history).evidence).toEqual([
      'writer-1 #50 of the source was applied 2.0 ms after the target had opened',
    ]);
  });

  test('is violated when a write of the other side never arrives', () => {
    const history = soundHistory();
    history.facts.source.entries.delete('writer-1 #60');
    expect(judged(history).evidence[0]).toContain('writer-1 #60 of the target was never applied on the source');
  });

  test('is not exercised without a change of side', () => {
    const history = soundHistory();
    history.ledger.transactions = history.ledger.transactions.slice(0, 20);
    expect(judged(history).verdict).toBe('not exercised');
  });
});

describe('new keys stand above all old ones (I4)', () => {
  const judged = (history: History) => newKeys(history.ledger, history.facts, phases(history));

  test('holds in a sound history', () => {
    expect(judged(soundHistory()).verdict).toBe('held');
  });

  test.each([
    ['a key below those of the other side', '110', 'is not above'],
    ['a key that was made before', '101', 'was made for writer-1 #1 and again'],
    ['a key below what stood at the start', '99', 'is not above'],
  ])('is violated by %s', (_, value, reason) => {
    const history = soundHistory();
    commit(history, write('target', 2000, 1000, { key: [value], row: null, generated: [['public.things.id', value]] }));
    expect(judged(history)).toMatchObject({ verdict: 'violated' });
    expect(judged(history).evidence.join()).toContain(reason);
  });
});

describe('sequences of the side that opened last (I4)', () => {
  const judged = (history: History) => newKeys(history.ledger, history.facts, phases(history));
  const withSequences = (target: bigint) => {
    const history = soundHistory();
    history.facts.source.sequences.set('public.things_id_seq', 500n);
    history.facts.target.sequences.set('public.things_id_seq', target);
    return history;
  };

  test('must stand at least as high as on the other side', () => {
    expect(judged(withSequences(500n)).verdict).toBe('held');
    expect(judged(withSequences(499n)).evidence[0]).toContain('stands at 499 on the target');
  });

  test('are not compared after a switch that was unwound, which may have raised the other side’s', () => {
    const history = withSequences(499n);
    history.windows.push(window('roll-back', 6000, 6500));
    expect(judged(history).verdict).toBe('held');
  });
});

describe('the way back loses nothing (I5)', () => {
  const judged = (history: History, wayBackIsOpen = false) =>
    nothingLostOnTheWayBack(history.ledger, history.facts, phases(history), wayBackIsOpen);

  test('holds in a sound history', () => {
    expect(judged(soundHistory()).verdict).toBe('held');
  });

  test('is violated when a write of the target is not on the source, or one of the source is gone', () => {
    const history = soundHistory();
    history.facts.source.entries.delete(`writer-1 #60`);
    history.facts.source.entries.delete(`writer-1 #3`);
    expect(nth(history, 60).side).toBe('target');
    expect(judged(history).evidence).toHaveLength(2);
  });

  test('is violated when the source, which follows the target to the end, lacks one of its writes', () => {
    const history = soundHistory();
    history.ledger.transactions = history.ledger.transactions.filter((each) => each.ended < BEGIN + 3000);
    expect(judged(history, true).verdict).toBe('held');
    history.facts.source.entries.delete('writer-1 #60');
    expect(judged(history, true)).toMatchObject({ verdict: 'violated', evidence: [expect.stringContaining('#60')] });
  });

  test('is violated when a side that is followed at the end is not followed in truth', () => {
    const history = soundHistory();
    expect(judged(history, true).verdict).toBe('held');
    history.facts.source.entries.delete('writer-1 #320');
    expect(judged(history, false).verdict).toBe('held');
    expect(judged(history, true).evidence).toEqual([
      expect.stringContaining('#320 of the target never reached the source'),
    ]);
  });

  test('is not exercised when the source never opened again', () => {
    const history = soundHistory();
    history.ledger.transactions = history.ledger.transactions.filter((each) => each.ended < BEGIN + 3000);
    expect(judged(history).verdict).toBe('not exercised');
  });
});

test('write accounts that may log in on both sides at the end violate I2', () => {
  const history = soundHistory();
  history.facts.source.unlocked = ['app'];
  expect(oneSide(history).evidence).toEqual(['at the end the write accounts may log in on both sides']);
});
