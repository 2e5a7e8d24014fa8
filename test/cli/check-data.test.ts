import { runCommandLine } from '../../cli/program';
import { buildManifest } from '../../definition/manifest/build';
import type { Manifest } from '../../definition/manifest/sections';
import { development } from '../../environments/development';
import { checkData } from '../../runbooks/check-data';
import type { World } from '../../runbooks/ports/world';
import { sampleFacts } from '../definition/sample-facts';
import { account } from '../rehearsal/aws-endpoint/running-endpoint';
import { SimulatedCloud } from '../runbooks/simulation/simulated-cloud';

const mockReading = {
  read: jest.fn<Promise<unknown[]>, [{ onCutShort: (known: object) => void; signal: AbortSignal }]>(),
};
jest.mock('../../runbooks/inspection/fitness-mysql/inspect-mysql-data', () => ({
  inspectMysqlData: (on: { onCutShort: (known: object) => void; signal: AbortSignal }) => mockReading.read(on),
}));

const place = ['check-data', 'billing', '--environment', 'development'];

describe('check-data', () => {
  afterEach(() => void jest.restoreAllMocks());

  it.each(['0', '101', '-5', 'half', '', '1e2', '50%'])(
    'refuses --throttle %j before it connects',
    async (throttle) => {
      const said: string[] = [];
      jest.spyOn(process.stderr, 'write').mockImplementation((text) => said.push(String(text)) > 0);
      const connect = jest.fn();
      const operator = { name: 'ada@host', isInteractive: false, ask: async () => '' };
      expect(await runCommandLine([...place, `--throttle=${throttle}`], { connect, operator })).toBe(2);
      expect(connect).not.toHaveBeenCalled();
      expect(said.join('')).toContain('allowed is a share of the time in percent, 1 to 100');
    },
  );

  it('refuses a migration without a MySQL source, with both engines and the next command', async () => {
    const manifest = buildManifest({ ...development, account }, 'billing', sampleFacts) as Manifest;
    const side = { reader: { query: jest.fn() } };
    const world = { manifest, sides: { source: side, target: side } } as unknown as World;
    const asked = checkData(world, {
      reporter: { report: jest.fn() },
      throttlePercent: 50,
      onProgress: jest.fn(),
      signal: new AbortController().signal,
    });
    await expect(asked).rejects.toMatchObject({
      code: 'no-mysql-rows',
      next: 'cutover check',
      message: expect.stringMatching(/goes from \S+ to \S+$/) as string,
    });
    expect(side.reader.query).not.toHaveBeenCalled();
  });

  it('ends by Ctrl-C with the exit code of an interruption, after all that it has found', async () => {
    const { world } = new SimulatedCloud().operator();
    const { databases } = world.manifest;
    const manifest = {
      ...world.manifest,
      databases: { ...databases, source: { ...databases.source, engine: 'mysql' } },
    };
    const day = {
      object: 'app.orders',
      column: 'day',
      rows: 2,
      keys: ['1'],
      text: 'zero dates',
      remedy: 'replace them',
    };
    mockReading.read.mockImplementation(async ({ onCutShort, signal }) => {
      process.emit('SIGINT', 'SIGINT');
      onCutShort({ found: [day], partly: 'app.items', notLookedAt: ['app.late'] });
      // As a connection that is cut off would say it.
      expect(signal.aborted).toBe(true);
      throw new Error('connection ended');
    });
    const written: string[] = [];
    jest.spyOn(process.stdout, 'write').mockImplementation((text) => written.push(String(text)) > 0);
    const operator = { name: 'ada@host', isInteractive: false, ask: async () => '' };
    const connect = async () => ({ ...world, manifest }) as World;
    expect(await runCommandLine([...place, '--json'], { connect, operator })).toBe(130);
    const events = written.map((text) => JSON.parse(text) as Record<string, unknown>);
    expect(events.filter(({ type }) => type === 'message').map(({ code }) => code)).toEqual([
      'data-not-looked-at',
      'data-does-not-fit',
      'interrupted',
    ]);
    expect(events.at(-1)).toMatchObject({ next: 'cutover check-data billing --environment development' });
  });
});
