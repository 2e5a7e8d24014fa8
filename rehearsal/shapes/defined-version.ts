import { engines, majorVersionOf, type EngineName } from '../../definition/engines';
import { nameOfEngine } from '../engines/any-engine';
import type { MysqlEngine } from '../engines/mysql';

/**
 * What a definition may say of the server that was found: its own version, or the last one before it that may be moved, as
 * whoever rehearses on a newer or older server would want.
 */
export function definedVersion(engine: MysqlEngine): { engine: EngineName; version: string; remark: string[] } {
  const { product, version } = engine;
  if (majorVersionOf(product, version) !== undefined) return { engine: product, version, remark: [] };
  const { majors } = engines[product];
  const earlier = majors.filter((major) => compare(major, version) < 0);
  const stood = earlier.at(-1) ?? majors[0];
  return {
    engine: product,
    version: stood,
    remark: [`${nameOfEngine(engine)} stands for ${product} ${stood}: a definition allows ${majors.join(', ')}`],
  };
}

function compare(one: string, other: string): number {
  const [a, b] = [one, other].map((text) => text.split('.').map(Number));
  for (let place = 0; place < 2; place += 1) {
    const difference = (a?.[place] ?? 0) - (b?.[place] ?? 0);
    if (difference !== 0) return difference;
  }
  return 0;
}
