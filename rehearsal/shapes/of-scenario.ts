import { changesEngine, type Scenario } from '../scenarios/scenario';
import { applications } from './applications';
import { databases } from './databases';
import type { Shape } from './shape';

export const shapeOf = (scenario: Scenario): Shape => (changesEngine(scenario) ? applications : databases);
