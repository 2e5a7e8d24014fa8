import { underWay, type MigrationReading } from '../../review/under-way';

const now = new Date('2026-03-01T12:00:00Z');
const reading = (more: Partial<MigrationReading>): MigrationReading => ({
  environment: 'production',
  migration: 'billing',
  primary: 'source',
  phase: 'loaded',
  isSwitching: false,
  ...more,
});

describe('a deploy while a migration is under way', () => {
  it('is refused mid-switch', () => {
    expect(underWay([reading({ isSwitching: true, phase: 'fenced' })], now)).toEqual([
      expect.stringMatching(
        /production\/billing is mid-switch \(phase fenced\).*cutover\.js status billing --environment production/,
      ),
    ]);
  });

  it('is refused while a run holds the lock, and says whose', () => {
    expect(underWay([reading({ heldBy: 'ada@host, verify' })], now)).toEqual([
      expect.stringMatching(/billing has a run that holds it \(ada@host, verify; phase loaded\)/),
    ]);
  });

  it('is refused inside the rollback window, and says until when', () => {
    const rollbackUntil = new Date('2026-03-08T12:00:00Z');
    expect(underWay([reading({ primary: 'target', rollbackUntil })], now)[0]).toContain(
      'until 2026-03-08T12:00:00.000Z',
    );
  });

  it('is let pass before a switch, and after the window', () => {
    expect(underWay([reading({}), reading({ rollbackUntil: new Date('2026-03-01T11:59:59Z') })], now)).toEqual([]);
  });
});
