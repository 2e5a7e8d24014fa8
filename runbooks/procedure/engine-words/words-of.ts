import { familyOf } from '../../../definition/engines';
import type { Manifest, SideName } from '../../../definition/manifest/sections';
import type { EngineWords } from './engine-words';
import { mysqlWords } from './mysql-words';
import { postgresWords } from './postgres-words';

export function wordsOf({ databases }: Manifest, side: SideName): EngineWords {
  const { engine, instanceIdentifier } = databases[side];
  return familyOf(engine) === 'mysql' ? mysqlWords(instanceIdentifier !== undefined) : postgresWords;
}
