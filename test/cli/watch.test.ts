import { runCommandLine } from '../../cli/program';
import { SimulatedCloud } from '../runbooks/simulation/simulated-cloud';

const place = ['watch', 'billing', '--environment', 'development', '--json'];

describe('watch', () => {
  afterEach(() => void jest.restoreAllMocks());

  it.each([[[]], [['--execute', '--for', '1']]])(
    'before the start says that there is nothing to watch %j',
    async (more) => {
      const { world } = new SimulatedCloud().operator();
      const written: string[] = [];
      jest.spyOn(process.stdout, 'write').mockImplementation((text) => written.push(String(text)) > 0);
      const operator = { name: 'ada@host', isInteractive: false, ask: async () => '' };
      expect(await runCommandLine([...place, ...more], { connect: async () => world, operator })).toBe(3);
      const events = written.map((text) => JSON.parse(text) as Record<string, unknown>);
      expect(events.slice(1)).toMatchObject([
        {
          code: 'wrong-situation',
          text: expect.stringContaining('watch does not fit: the migration is "not started"') as string,
        },
        { type: 'run.finished', primary: 'source', next: 'cutover start billing --environment development' },
      ]);
    },
  );
});
