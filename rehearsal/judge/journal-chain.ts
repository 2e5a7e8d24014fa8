import { createHash } from 'node:crypto';
import { z } from 'zod';
import { groupBy } from './group';

export interface JournalObject {
  key: string;
  body: string;
}

/** A run's number of records and newest hash, as one side's control table keeps them. */
export interface JournalHead {
  side: string;
  runId: string;
  records: number;
  head: string;
}

const record = z.looseObject({ runId: z.string(), number: z.int(), previous: z.string() });

const NO_PREVIOUS = '0'.repeat(64);

/**
 * Hashes every run's journal anew. Each record must carry the hash of the exact bytes of the one before, stand under its
 * own number, and be no younger than what the databases remember: a cut tail shows there.
 */
export function chainViolations(objects: JournalObject[], heads: JournalHead[]): string[] {
  const runs = groupBy(objects, (object) => object.key.replace(/[^/]*$/, ''));
  const hashes = new Map<string, string[]>();
  const violations = [...runs].flatMap(([prefix, ofRun]) => runViolations(prefix, ofRun, hashes));
  for (const { side, runId, records, head } of heads) {
    const chain = hashes.get(runId) ?? [];
    if (records > chain.length) {
      violations.push(`run ${runId}: the ${side} remembers ${records} records, the journal holds ${chain.length}`);
    } else if (records > 0 && chain[records - 1] !== head) {
      violations.push(`run ${runId}: the ${side} remembers another record ${records} than the journal holds`);
    }
  }
  return violations;
}

function runViolations(prefix: string, objects: JournalObject[], hashes: Map<string, string[]>): string[] {
  const violations: string[] = [];
  const runId = prefix.split('/').at(-2) ?? '';
  const chain: string[] = [];
  let previous = NO_PREVIOUS;
  [...objects]
    .sort((one, other) => (one.key < other.key ? -1 : 1))
    .forEach(({ key, body }, at) => {
      const number = at + 1;
      const parsed = record.safeParse(parse(body));
      if (!key.endsWith(`/${String(number).padStart(8, '0')}.json`))
        violations.push(`${key} stands where record ${number} should`);
      if (!parsed.success) violations.push(`${key} is not a journal record`);
      else if (parsed.data.number !== number || parsed.data.runId !== runId)
        violations.push(`${key} says it is another record`);
      else if (parsed.data.previous !== previous)
        violations.push(`${key} does not carry the hash of the record before it`);
      previous = createHash('sha256').update(body, 'utf8').digest('hex');
      chain.push(previous);
    });
  hashes.set(runId, chain);
  return violations;
}

function parse(body: string): unknown {
  try {
    return JSON.parse(body);
  } catch {
    return undefined;
  }
}
