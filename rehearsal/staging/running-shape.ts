import { applications } from '../shapes/applications';
import type { Shape } from '../shapes/shape';
import { prepareRunning } from './prepare-running';
import type { StagingPair } from './staging-pair';

/** A change of the engine between servers that run already: these are adopted, and their tables are taken as they are. */
export function onRunningServers(pair: StagingPair): Shape {
  return {
    ...applications,
    engines: `between ${pair.source.title} and ${pair.target.title}`,
    administrators: [...new Set([pair.source, pair.target].map(({ administrator }) => administrator.username))],
    startEngine: () => Promise.reject(new Error('a running server of somebody is adopted, not started')),
    prepare: (engines, scenario, credentials) => prepareRunning(pair, engines, scenario, credentials),
  };
}
