import { exactlyOnce } from '../../../rehearsal/judge/exactly-once';
import { type History, nth, soundHistory } from './history';

const judged = ({ ledger, facts, rows }: History) => exactlyOnce(ledger, facts, facts.target, rows);

test('a sound history is held, with nothing lost or doubled', () => {
  const { finding, counts } = judged(soundHistory());
  expect(finding.verdict).toBe('held');
  expect(counts).toEqual({ acknowledgedWrites: 325, ambiguousWrites: 0, lostWrites: 0, duplicateWrites: 0 });
});

test('an acknowledged write without its entry is lost', () => {
  const history = soundHistory();
  history.facts.target.entries.delete('writer-1 #7');
  const { finding, counts } = judged(history);
  expect(finding.verdict).toBe('violated');
  expect(finding.evidence[0]).toContain('lost: writer-1 #7');
  expect(counts.lostWrites).toBe(1);
});

test('an entry that stands twice is a duplicate', () => {
  const history = soundHistory();
  history.facts.target.entries.set('writer-1 #9', [1, 2, 3]);
  const { finding, counts } = judged(history);
  expect(finding.verdict).toBe('violated');
  expect(counts.duplicateWrites).toBe(2);
});

test('a row that differs from its last acknowledged version is a lost write', () => {
  const history = soundHistory();
  history.rows.get('public.things')?.set('["103"]', '{"id": 103, "v": 1}');
  const { finding, counts } = judged(history);
  expect(finding.evidence[0]).toContain('row differs: public.things ["103"], last written by writer-1 #6');
  expect(counts.lostWrites).toBe(1);
});

test('a missing row and a row that came back are found', () => {
  const history = soundHistory();
  history.rows.get('public.things')?.delete('["104"]');
  const deletion = nth(history, 10);
  deletion.operations = [{ table: 'public.things', key: ['105'], row: null }];
  const { evidence } = judged(history).finding;
  expect(evidence).toEqual([expect.stringContaining('row missing'), expect.stringContaining('row came back')]);
});

test('an ambiguous write may stand or not, and its row follows the engine that committed it or did not', () => {
  const history = soundHistory();
  nth(history, 6).outcome = 'ambiguous';
  expect(judged(history).finding.verdict).toBe('held');

  // Not committed: no entry, and the row keeps its version before.
  history.facts.source.commits.delete('6');
  history.facts.target.entries.delete('writer-1 #6');
  history.rows.get('public.things')?.set('["103"]', '{"id": 103, "v": 1}');
  const { finding, counts } = judged(history);
  expect(finding.verdict).toBe('held');
  expect(counts).toMatchObject({ ambiguousWrites: 1, acknowledgedWrites: 324, lostWrites: 0 });
});

test('an ambiguous write that a dying server never committed is none, though its number was given to another', () => {
  const history = soundHistory();
  const write = nth(history, 6);
  write.outcome = 'ambiguous';
  for (const side of ['source', 'target'] as const) history.facts[side].entries.delete('writer-1 #6');
  history.rows.get('public.things')?.set('["103"]', '{"id": 103, "v": 1}');
  // Committed before its client lost the answer: that was this write, and it is gone.
  expect(judged(history).finding.verdict).toBe('violated');
  history.facts[write.side].commits.set('6', write.ended + 500);
  expect(judged(history).finding.verdict).toBe('held');
});

test('an ambiguous write that stands twice is a duplicate', () => {
  const history = soundHistory();
  nth(history, 6).outcome = 'ambiguous';
  history.facts.target.entries.set('writer-1 #6', [1, 2]);
  expect(judged(history).counts.duplicateWrites).toBe(1);
});

test('a failed write that stands, and an entry that nobody wrote, are violations', () => {
  const history = soundHistory();
  nth(history, 275).outcome = 'failed';
  history.facts.target.entries.set('stranger #1', [1]);
  const { evidence } = judged(history).finding;
  expect(evidence).toEqual(
    expect.arrayContaining([expect.stringContaining('revived: writer-1 #275'), 'unknown: nobody wrote stranger #1']),
  );
});
