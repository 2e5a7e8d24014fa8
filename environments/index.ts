import type { Environment } from '../definition/schema/environment';
import { development } from './development';
import { production } from './production';
import { staging } from './staging';

/** Every environment, by the name that operators type. */
export const environments: Record<string, Environment> = { development, staging, production };
