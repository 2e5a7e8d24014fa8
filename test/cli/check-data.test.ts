import { runCommandLine } from '../../cli/program';
import { buildManifest } from '../../definition/manifest/build';
import type { Manifest } from '../../definition/manifest/sections';
import { development } from '../../environments/development';
import { checkData } from '../../runbooks/check-data';
import type { World } from '../../runbooks/ports/world';
import { sampleFacts } from '../definition/sample-facts';
import { account } from '../rehearsal/aws-endpoint/running-endpoint';

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
});
