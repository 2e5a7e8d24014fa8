import { flowSchema, localSchema } from '../../../definition/control-schemas';
import type { MysqlSide } from './mysql-side';

/** Databases of the product and of DMS: never the application's. */
export const controlSchemas = ({ manifest }: MysqlSide): string[] => [
  localSchema,
  flowSchema,
  manifest.replication.controlSchema,
];

export const serverSchemas: readonly string[] = ['information_schema', 'mysql', 'performance_schema', 'sys'];
