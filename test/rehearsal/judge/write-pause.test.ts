import { pausesWithinBudget, quietestSecond, switchesOf } from '../../../rehearsal/judge/write-pause';
import { BEGIN, nth, soundHistory, window, write } from './history';

test('each switch shows what the clients felt, and which way it went', () => {
  const { ledger, windows } = soundHistory();
  const switches = switchesOf(ledger, windows);
  expect(switches.map((each) => [each.direction, each.writePauseMilliseconds.max])).toEqual([
    ['forward', 520],
    ['reverse', 520],
    ['forward', 520],
  ]);
  expect(pausesWithinBudget(switches, 600, ['target']).verdict).toBe('held');
});

test('a pause above the budget is a violation (I11)', () => {
  const { ledger, windows } = soundHistory();
  const judged = pausesWithinBudget(switchesOf(ledger, windows), 500, ['target']);
  expect(judged.verdict).toBe('violated');
  expect(judged.evidence[0]).toBe('writer-1 could not write for 520 ms during switch; allowed are 500 ms');
});

test('a client that never writes again is a violation', () => {
  const { ledger, windows } = soundHistory();
  ledger.transactions = ledger.transactions.filter((each) => each.ended < BEGIN + 5000);
  const judged = pausesWithinBudget(switchesOf(ledger, windows), 10_000, ['target']);
  expect(judged.evidence).toEqual(['writer-1 never wrote again after switch']);
});

test('an unwound switch counts with its pause', () => {
  const { ledger } = soundHistory();
  ledger.transactions = ledger.transactions.filter((each) => each.ended < BEGIN + 2000 || each.ended > BEGIN + 2300);
  ledger.breaks.push({ kind: 'break', client: 'writer-1', at: BEGIN + 2010, reason: '57P01' });
  const [only] = switchesOf(ledger, [window('switch', 1900, 2500)]);
  expect(only).toMatchObject({ direction: 'unwound', writePauseMilliseconds: { max: 320 } });
});

test('what a client held open by itself before it was cut off is not part of the pause', () => {
  const { ledger, windows } = soundHistory();
  const held = {
    ...write('source', 990, 9999, { key: ['1'], row: null }),
    outcome: 'failed' as const,
    heldMilliseconds: 300,
  };
  ledger.transactions.splice(ledger.transactions.indexOf(nth({ ...soundHistory(), ledger }, 51)), 0, held);
  expect(switchesOf(ledger, windows)[0]?.writePauseMilliseconds.max).toBe(1502 - 1290);
});

test('the quietest second leaves out those that touch a pause', () => {
  const { ledger, windows } = soundHistory();
  const quiet = quietestSecond(ledger, switchesOf(ledger, windows));
  expect(quiet).toEqual({ at: BEGIN + 6000, acknowledged: 50 });
});

test('an end at which nobody may write is a pause without end', () => {
  expect(pausesWithinBudget([], 1000, [])).toMatchObject({ verdict: 'violated' });
  expect(pausesWithinBudget([], 1000, ['source'])).toMatchObject({ verdict: 'not exercised' });
});
