import { isolatedEnvironment } from '../../../rehearsal/processes/isolated-environment';
import type { Line } from '../../../rehearsal/processes/output-lines';
import { type ChildHandle, spawnProcess } from '../../../rehearsal/processes/spawn';
import type { WorkloadConfigurationFile } from '../../../rehearsal/workload/configuration';
import type { TwoEngines } from './two-engines';

const ENTRY = require.resolve('../../../rehearsal/workload/main.ts');

/** The workload as the rehearsal runs it: a process of its own. */
export interface RunningWorkload {
  child: ChildHandle;
  ready: Line;
  lines: Line[];
  /** Resolves once this many writes were acknowledged from now on. */
  acknowledges(writes: number): Promise<void>;
}

export async function startWorkload(
  world: TwoEngines,
  configuration: WorkloadConfigurationFile,
): Promise<RunningWorkload> {
  const { runFolder, guardian } = world;
  const lines: Line[] = [];
  const waiting = new Set<() => void>();
  const child = spawnProcess({
    name: 'workload',
    entry: ENTRY,
    configuration,
    environment: isolatedEnvironment({ runFolder, endpointUrl: 'http://127.0.0.1:9', region: 'eu-central-1' }),
    runFolder,
    guardian,
    onLine: (line) => {
      lines.push(line);
      waiting.forEach((look) => look());
    },
  });
  const acknowledged = () =>
    lines.filter((line) => line.type === 'second').reduce((sum, line) => sum + Number(line['acknowledged']), 0);
  return {
    child,
    ready: await child.ready,
    lines,
    acknowledges: (writes) => {
      const wanted = acknowledged() + writes;
      return new Promise((resolve, reject) => {
        const look = () => {
          if (acknowledged() < wanted) return;
          waiting.delete(look);
          resolve();
        };
        waiting.add(look);
        void child.exited.then(({ code }) => reject(new Error(`the workload ended with code ${code}`)));
      });
    },
  };
}
