import { differingDurations } from '../../definition/differing-durations';
import { migrationOf, production } from './refusals';

describe('durations that differ', () => {
  it('are listed with both values, and nothing else is', () => {
    const [from, to] = [migrationOf(production(), 'billing'), migrationOf(production(), 'billing')];
    to.timing.bakeSeconds = 2;
    to.records[1]!.ttlSeconds = 1;
    to.source.host = 'elsewhere.example.com';
    expect(differingDurations(from, to)).toEqual([
      { path: 'records[1].ttlSeconds', from: 5, to: 1 },
      { path: 'timing.bakeSeconds', from: 900, to: 2 },
    ]);
  });

  it('are none between equals', () => {
    expect(differingDurations(production(), production())).toEqual([]);
  });
});
