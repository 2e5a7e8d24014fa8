import { ChangeResourceRecordSetsCommand } from '@aws-sdk/client-route-53';
import { createCertificateAuthority } from '../../../rehearsal/engines/certificate-authority';
import { readName, rehearsalZoneId } from '../../../rehearsal/local-place';
import { OperatorAtWork, productCommand, type OperatorRun } from '../../../rehearsal/operator';
import { startWorld, type RehearsalWorld } from '../../../rehearsal/world';
import { quickPace, quickTimes, tinyScenario } from '../small-rehearsal';
import { mayNotCreateSchemas, missingIndex, nightlyRole, tableWithoutKey } from './database-provocations';
import { errorsOf, lastWordsOf, refusesTogether, runnable } from './refusal';
import { Stage } from './stage';

/** Deployed, and nothing started: what is wrong with a command, its configuration or its moment. */
let world: RehearsalWorld;
let stage: Stage;

beforeAll(async () => {
  world = await startWorld({ scenario: tinyScenario(), pace: quickPace, times: quickTimes });
  stage = await Stage.on(world);
});
afterAll(async () => {
  await stage?.close();
  await world?.close();
});

const whole = (verb: string, rest = '') => `cutover ${verb} tiny --environment rehearsal${rest}`;

interface Expected {
  readonly exitCode: number;
  readonly code: string;
  readonly says: RegExp;
  readonly next: RegExp | string;
}

async function refused(act: () => Promise<OperatorRun>, { exitCode, code, says, next }: Expected): Promise<void> {
  const before = await stage.fingerprint();
  const run = await act();
  expect(errorsOf(run)).toEqual([expect.objectContaining({ code, text: expect.stringMatching(says) as string })]);
  expect(lastWordsOf(run)).toMatchObject({ exitCode, next: expect.stringMatching(runnable) as string });
  const told = [lastWordsOf(run)?.['next'], ...errorsOf(run).map((error) => error['remedy'])];
  expect(told).toContainEqual(expect.stringMatching(next));
  expect(run.exitCode).toBe(exitCode);
  expect(await stage.fingerprint()).toEqual(before);
}

const usage = (code: string, says: RegExp, next: RegExp | string): Expected => ({ exitCode: 2, code, says, next });

describe('a command that names the wrong thing', () => {
  it('is told which migrations are deployed', () => {
    const { environment, runFolder, guardian } = world;
    const other = new OperatorAtWork({ command: productCommand, migration: 'tinny', environment, runFolder, guardian });
    const says = /\/cutover\/rehearsal\/tinny\/manifest.*deployed are: tiny in rehearsal/;
    return refused(() => other.execute('switch'), usage('unknown-migration', says, /--environment/));
  });

  it('is told which environments are deployed', () => {
    const says = /\/cutover\/nowhere\/tiny\/manifest.*deployed are: tiny in rehearsal/;
    const act = () => world.operator.run('switch', '--execute', '--environment', 'nowhere', '--confirm', 'nowhere');
    return refused(act, usage('unknown-migration', says, /--environment/));
  });

  it('needs the right name as its confirmation', () =>
    refused(
      () => world.operator.run('switch', '--execute', '--confirm', 'production'),
      usage('wrong-confirmation', /--confirm production .* allowed is --confirm rehearsal/, `^${whole('switch')}$`),
    ));

  it('needs a terminal or the flag', () =>
    refused(
      () => world.operator.run('switch', '--execute'),
      usage(
        'no-confirmation',
        /switch --execute needs a terminal .*or --confirm rehearsal/,
        whole('switch', ' --execute --confirm rehearsal'),
      ),
    ));
});

describe('a manifest that does not fit', () => {
  it.each([
    [
      'in its version',
      'manifest/identity',
      (value: string) => value.replace(/"manifestVersion":\d+/, '"manifestVersion":99'),
      usage('bad-manifest', /has version 99, this command reads version 1/, 'cdk deploy'),
    ],
    [
      'in a port where nobody listens',
      'manifest/databases',
      (value: string) => value.replace(/("source":\{.*?"port":)\d+/, '$11'),
      usage('database-unreachable', /source database at 127\.[\d.]+:1 .*unreachable/, /host and port/),
    ],
    [
      'in both ports: each side is named',
      'manifest/databases',
      (value: string) => value.replace(/("port":)\d+/g, '$11'),
      usage(
        'database-unreachable',
        /source database at 127\.[\d.]+:1 .*unreachable.*; the target database at 127\.[\d.]+:1 .*unreachable/,
        /host and port/,
      ),
    ],
    [
      'in the name that the certificate must carry',
      'manifest/databases',
      (value: string) => value.replace(/("target":\{.*"tlsServerName":)"[^"]*"/, '$1"elsewhere.example.com"'),
      usage(
        'database-certificate-of-another-host',
        /target database .*another host: it does not carry elsewhere\.example\.com/,
        /tlsServerName/,
      ),
    ],
  ] as const)('is refused: %s', async (_what, path, change, expected) => {
    const putBack = await stage.parameter(path, change);
    try {
      await refused(() => world.operator.execute('switch'), expected);
    } finally {
      await putBack();
    }
  });

  it('is refused: in the authority that signs certificates', async () => {
    const { certificatePem } = await createCertificateAuthority();
    const putBack = await stage.parameter('manifest/databases', (value) => {
      const databases = JSON.parse(value) as Record<string, object>;
      const source = { ...databases['source'], certificateAuthority: { pem: certificatePem } };
      return JSON.stringify({ ...databases, source });
    });
    try {
      const says = /source database .*not signed by the given certificate authority/;
      const expected = usage('database-certificate-of-another-authority', says, /certificateAuthority/);
      await refused(() => world.operator.execute('switch'), expected);
    } finally {
      await putBack();
    }
  });
});

it('a wrong password is refused, and stands in no output', async () => {
  const password = world.credentials.passwordOf('cutover_runbook');
  await stage.sql('target', `ALTER ROLE cutover_runbook PASSWORD 'another'`);
  try {
    const says = /target database .*account cutover_runbook: wrong password/;
    await refused(() => world.operator.execute('start'), usage('database-wrong-password', says, /secret/));
    const run = world.operator.runs.at(-1);
    expect(JSON.stringify(run?.events) + run?.standardError).not.toContain(password);
  } finally {
    await stage.sql('target', `ALTER ROLE cutover_runbook PASSWORD '${password}'`);
  }
});

it('an account that may not log in is refused with the server’s words', async () => {
  await stage.sql('source', 'ALTER ROLE cutover_runbook NOLOGIN');
  try {
    const says = /source database .*account cutover_runbook: .*not permitted to log in \(SQLSTATE 28000\)/;
    await refused(() => world.operator.execute('start'), usage('database-login-refused', says, /secret/));
  } finally {
    await stage.sql('source', 'ALTER ROLE cutover_runbook LOGIN');
  }
});

it('a stack that the manifest names and nobody has deployed is refused', async () => {
  const putBack = await stage.parameter('manifest/routing', (value) =>
    value.replace(/"stackNames":\[[^\]]*\]/, '"stackNames":["never-deployed"]'),
  );
  try {
    const says = /never-deployed/;
    await refused(() => world.operator.execute('start'), usage('stack-missing', says, /cdk deploy/));
  } finally {
    await putBack();
  }
});

describe('records that others have touched', () => {
  const name = readName('tiny');
  const change = (Action: 'CREATE' | 'DELETE' | 'UPSERT', set: object) =>
    stage.route53.send(
      new ChangeResourceRecordSetsCommand({
        HostedZoneId: rehearsalZoneId,
        ChangeBatch: {
          Changes: [{ Action, ResourceRecordSet: { Name: name, Type: 'CNAME', TTL: 1, ...set } }],
        },
      }),
    );
  const setOf = (side: string, Weight: number) => ({
    SetIdentifier: `tiny-${side}`,
    Weight,
    ResourceRecords: [{ Value: `tiny-${side === 'third' ? 'target' : side}.databases.rehearsal.internal` }],
  });

  it('are refused: a third weighted record', async () => {
    await change('CREATE', setOf('third', 10));
    try {
      const says = /tiny-db-read.*"?tiny-third/;
      await refused(
        () => world.operator.execute('start'),
        usage('third-weighted-record', says, /remove the record set "tiny-third"/),
      );
    } finally {
      await change('DELETE', setOf('third', 10));
    }
  });

  it('are refused: a pair of which one is gone', async () => {
    await change('DELETE', setOf('target', 0));
    try {
      const says = /tiny-db-read\.rehearsal\.internal has no weighted pair/;
      await refused(() => world.operator.execute('start'), {
        exitCode: 3,
        code: 'record-missing',
        says,
        next: 'cdk deploy',
      });
    } finally {
      await change('CREATE', setOf('target', 0));
    }
  });
});

describe('a verb before its time', () => {
  it.each(['watch', 'switch', 'roll-back', 'finalize'])('is refused before the start: %s', (verb) =>
    refused(() => world.operator.execute(verb), {
      exitCode: 3,
      code: 'wrong-situation',
      says: new RegExp(`${verb} does not fit: the migration is "not started", the source is primary`),
      next: `^${whole('start')}$`,
    }),
  );
});

refusesTogether('a start', () => stage, ['start'], [missingIndex, tableWithoutKey, nightlyRole, mayNotCreateSchemas]);
