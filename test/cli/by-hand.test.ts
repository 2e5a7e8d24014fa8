import { endOf } from '../../cli/by-hand';
import { failedAt, StaleEpochError } from '../../runbooks/ports/failures';
import type { World } from '../../runbooks/ports/world';
import { breakGlass } from '../../runbooks/procedure/break-glass';
import type { Situation } from '../../runbooks/procedure/situation';
import { simulatedManifest } from '../runbooks/simulation/simulated-manifest';

const gate = { unlockedAccounts: [], fencedAccounts: ['app"x'], missingAccounts: [] };
const database = { gate: { read: async () => gate } };
const world = {
  manifest: simulatedManifest,
  sides: { source: database, target: database },
} as unknown as World;

const situation = (kind: Situation['kind'], decision?: 'open'): Situation => ({
  kind,
  primary: decision ? 'target' : 'source',
  direction: 'forward',
  switchEpoch: 7,
  writesAccepted: 'nowhere',
  decision,
  contradictions: [],
});
const inTheMiddle = situation('switching');
const resume = 'cutover resume app --environment simulation --execute';
const gone = (service: string) => new Error('not undone', { cause: failedAt(service, new Error('out of service')) });

describe('the end of a command that leaves a switch half done', () => {
  it.each(['failed', 'interrupted'] as const)('is never called %s, and leads to resume', async (outcome) => {
    expect(await endOf(world, { outcome, situation: inTheMiddle })).toMatchObject({ outcome: 'partial', next: resume });
    const atRest = { outcome, situation: situation('steady'), next: 'cutover status' };
    expect(await endOf(world, atRest)).toEqual(atRest);
  });

  it.each(['S3', 'Route53'])('says what to do by hand when %s is what failed', async (service) => {
    const end = await endOf(world, { outcome: 'partial', error: gone(service), situation: inTheMiddle });
    expect(end.byHand?.map(({ title }) => title.split(' (')[0])).toEqual([
      'on the source',
      'on the target',
      'on the target',
      'on the target',
      'on the source',
      'in Route 53, as soon as it takes changes: names lead to the source',
      'in the end, when S3 and Route 53 answer again: the runbook does what is left',
    ]);
  });

  it('says nothing of the kind when the databases failed, or when another run has taken over', async () => {
    const database = await endOf(world, { outcome: 'partial', error: new Error('no table'), situation: inTheMiddle });
    expect(database.byHand).toEqual([]);
    const error = new Error('late', { cause: new StaleEpochError('taken over') });
    const stale = { outcome: 'failed', error, situation: inTheMiddle, next: 'cutover status' } as const;
    expect(await endOf(world, stale)).toEqual(stale);
  });
});

describe('what is done by hand', () => {
  const of = (kind: Situation['kind'], decision?: 'open') =>
    breakGlass({
      manifest: simulatedManifest,
      situation: situation(kind, decision),
      gates: { source: gate, target: gate },
    })
      .map(({ text }) => text)
      .join('\n');

  it('follows the decision, and claims the unwinding where none stands', () => {
    expect(of('switching')).toMatch(/INSERT INTO cutover_local.decision .*'app', 7, 'forward', 'unwind'/);
    expect(of('opening', 'open')).not.toMatch(/INSERT INTO cutover_local.decision/);
    expect(of('switching')).toMatch(/"SetIdentifier":"source","Weight":255/);
    expect(of('opening', 'open')).toMatch(/"SetIdentifier":"source","Weight":0/);
  });

  it('quotes the names of accounts', () => expect(of('switching')).toContain('ALTER ROLE "app""x" LOGIN;'));
  it('is nothing at rest', () => expect(of('steady')).toBe(''));
});
