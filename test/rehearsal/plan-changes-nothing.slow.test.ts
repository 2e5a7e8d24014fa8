import { readFileSync } from 'node:fs';
import { Client } from 'pg';
import { accountSecretName } from '../../definition/secret-names';
import { readRequestLog } from '../../rehearsal/judge/request-log';
import { startWorld, type RehearsalWorld } from '../../rehearsal/world';
import { quickPace, quickTimes, tinyScenario } from './small-rehearsal';
import { postgresOf } from '../../rehearsal/engines/any-engine';

/** Every statement of the engines is logged, with the account that made it. */
let world: RehearsalWorld;

beforeAll(async () => {
  world = await startWorld({
    scenario: tinyScenario(),
    pace: quickPace,
    times: quickTimes,
    engineSettings: { log_statement: 'all', log_line_prefix: '%m [%p] %u/%a ' },
  });
  await world.startWorkload();
});
afterAll(() => world?.close());

const reads = /^(Get|List|Describe|Head)/;
/** What a session may say without changing anything; a transaction must say that it only reads. */
const allowed = /^(BEGIN\b.*\bREAD ONLY|COMMIT|ROLLBACK|SELECT\b|SHOW\b|SET\b|WITH\b|EXPLAIN\b|DISCARD ALL)/i;

const callsSince = (length: number) => readRequestLog(world.requestLogFile).slice(length);

/** Statements of the runbook's account from a place in the log on. */
function statementsSince(side: 'source' | 'target', from: number): string[] {
  return readFileSync(world.engines[side].logFile, 'utf8')
    .slice(from)
    .split(/\n(?=\d{4}-\d\d-\d\d )/)
    .filter((entry) => entry.includes('cutover_runbook/'))
    .flatMap((entry) => {
      const statement = /(?:statement|execute [^:]*): ([\s\S]*)/.exec(entry)?.[1];
      return statement === undefined ? [] : [statement.trim()];
    });
}
const lengthOf = (side: 'source' | 'target') => readFileSync(world.engines[side].logFile, 'utf8').length;

async function planOf(
  ...verbs: string[]
): Promise<{ exitCodes: (number | null)[]; calls: string[]; statements: string[] }> {
  const callsBefore = readRequestLog(world.requestLogFile).length;
  const before = { source: lengthOf('source'), target: lengthOf('target') };
  const exitCodes = [];
  for (const verb of verbs) exitCodes.push((await world.operator.run(verb)).exitCode);
  return {
    exitCodes,
    calls: callsSince(callsBefore).map((call) => call.operation),
    statements: [...statementsSince('source', before.source), ...statementsSince('target', before.target)],
  };
}

describe('a plan', () => {
  it.each([
    ['before the start', [], ['check', 'start', 'status', 'plan']],
    [
      'before the switch',
      ['start', 'verify'],
      ['check', 'watch', 'verify', 'shift-reads', 'switch', 'resume', 'abort'],
    ],
    ['after the switch', ['switch'], ['roll-back', 'finalize', 'status', 'plan']],
  ] as const)(
    '%s only reads: AWS by Get, List and Describe, the databases in read-only transactions',
    async (_when, reached, verbs) => {
      for (const verb of reached) expect([verb, (await world.operator.execute(verb)).exitCode]).toEqual([verb, 0]);
      const { calls, statements, exitCodes } = await planOf(...verbs);
      expect(exitCodes.every((code) => code === 0 || code === 3)).toBe(true);
      expect(calls.length).toBeGreaterThan(10);
      expect(calls.filter((operation) => !reads.test(operation))).toEqual([]);
      expect(statements.length).toBeGreaterThan(10);
      expect(statements.filter((statement) => !allowed.test(statement))).toEqual([]);
    },
  );

  it('tells an execution apart: what it changes stands in the same logs', async () => {
    const callsBefore = readRequestLog(world.requestLogFile).length;
    const before = lengthOf('source');
    expect((await world.operator.execute('watch')).exitCode).toBe(0);
    expect(callsSince(callsBefore).map((call) => call.operation)).toContain('PutObject');
    const written = [...statementsSince('source', before), ...statementsSince('target', 0)];
    expect(written.some((statement) => !allowed.test(statement))).toBe(true);
  });

  it('tells, through the rollback window, what a way back would meet', async () => {
    const account = world.definition.migrations['tiny']?.accounts.write[0]?.name ?? '';
    const drifted = async () => {
      const { events } = await world.operator.run('status');
      return events.filter((event) => event['code'] === 'window-drift').map((event) => String(event['text']));
    };
    expect(await drifted()).toEqual([]);
    const watching = await world.operator.execute('watch');
    expect(JSON.stringify(watching.events)).toContain('rollback possible until');

    const target = new Client({ ...postgresOf(world.engines.target).superuser, database: world.scenario.database });
    await target.connect();
    try {
      await target.query(`ALTER TABLE owners ADD COLUMN since date; REVOKE DELETE ON owners FROM ${account}`);
      const secretId = accountSecretName('rehearsal', 'tiny', account);
      world.cloud.send({ type: 'fault', fault: { kind: 'secret-rotated', secretId } });
      expect(await drifted()).toEqual([
        expect.stringMatching(/column since public\.owners: target present, source has none/),
        expect.stringMatching(/owners.*target .*source .*DELETE/),
        expect.stringContaining(`secret ${secretId} of ${account} was changed at`),
      ]);
      const refused = await world.operator.execute('watch');
      expect([refused.exitCode, JSON.stringify(refused.events)]).toEqual([3, expect.stringContaining('window-drift')]);
    } finally {
      await target.query(`ALTER TABLE owners DROP COLUMN since; GRANT DELETE ON owners TO ${account}`);
      await target.end();
    }
  });
});
