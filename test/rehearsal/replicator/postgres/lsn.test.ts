import fc from 'fast-check';
import {
  formatCheckpoint,
  formatLsn,
  parseLsn,
  parseStartPosition,
} from '../../../../rehearsal/replicator/postgres/lsn';

describe('an LSN', () => {
  it('is the same number in both directions, and orders as the WAL does', () => {
    fc.assert(
      fc.property(fc.bigInt({ min: 0n, max: 2n ** 64n - 1n }), (lsn) => expect(parseLsn(formatLsn(lsn))).toBe(lsn)),
    );
    expect(parseLsn('1/0')).toBeGreaterThan(parseLsn('0/FFFFFFFF'));
  });

  it('is refused when it is something else', () => {
    expect(() => parseLsn('mysql-bin.000024:373')).toThrow('is not an LSN; write it like 16/B374D848');
  });

  it('starts a task natively, or out of a checkpoint that DMS reported', () => {
    expect(parseStartPosition('000004AF/B00000D0')).toBe('4AF/B00000D0');
    expect(parseStartPosition(formatCheckpoint('4AF/B00000D0'))).toBe('4AF/B00000D0');
  });
});
