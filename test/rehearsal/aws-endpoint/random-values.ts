import { NormalizedSchema } from '@smithy/core/schema';
import { membersOf } from '../../../rehearsal/aws-endpoint/wire/service-model';

/** A small generator with a fixed seed (mulberry32): the same values on every run. */
export class Random {
  private state: number;

  constructor(seed: number) {
    this.state = seed;
  }

  next(): number {
    this.state = (this.state + 0x6d2b79f5) | 0;
    let t = Math.imul(this.state ^ (this.state >>> 15), 1 | this.state);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 4_294_967_296;
  }

  below(limit: number): number {
    return Math.floor(this.next() * limit);
  }

  pick<T>(items: readonly T[]): T {
    return items[this.below(items.length)] as T;
  }
}

const wild = [...'abcXYZ019<>&"\'/?=+%. é漢😀\\'];
const plain = [...'abcXYZ019-_'];

function text(random: Random, alphabet: readonly string[]): string {
  const inner = Array.from({ length: random.below(10) }, () => random.pick(alphabet)).join('');
  // Letters at both ends: an XML reader trims the blanks around a text.
  return `a${inner}z`;
}

const deepest = 5;

/** A random value of a shape. Lists and maps are never empty, since XML and Query cannot tell empty from absent. */
export function randomValue(random: Random, schema: NormalizedSchema, depth = 0, inHeaders = false): unknown {
  const traits = schema.getMergedTraits();
  const bound = traits.httpLabel ?? traits.httpHeader ?? traits.httpQuery ?? traits.httpPrefixHeaders;
  const inHttp = inHeaders || bound !== undefined;
  if (schema.isBlobSchema()) return Uint8Array.from({ length: 1 + random.below(8) }, () => random.below(256));
  if (schema.isTimestampSchema()) return new Date(1_600_000_000_000 + random.below(100_000_000) * 1000);
  if (schema.isBooleanSchema()) return random.below(2) === 1;
  if (schema.isBigIntegerSchema()) return BigInt(random.below(1000));
  if (schema.isNumericSchema()) return random.below(100_000);
  if (schema.isStringSchema()) {
    if (traits.mediaType !== undefined) return '{"a":1}';
    return text(random, inHttp ? plain : wild);
  }
  if (schema.isListSchema()) {
    return Array.from({ length: 1 + random.below(2) }, () =>
      randomValue(random, schema.getValueSchema(), depth + 1, inHttp),
    );
  }
  if (schema.isMapSchema()) {
    const keys = Array.from({ length: 1 + random.below(2) }, () => text(random, plain).toLowerCase());
    return Object.fromEntries(
      keys.map((key) => [key, randomValue(random, schema.getValueSchema(), depth + 1, inHttp)]),
    );
  }
  if (schema.isStructSchema()) return randomStructure(random, schema, depth);
  if (schema.isDocumentSchema()) return { document: text(random, plain), number: random.below(10) };
  return undefined;
}

function randomStructure(random: Random, schema: NormalizedSchema, depth: number): Record<string, unknown> {
  const required = ((schema.getSchema() as unknown[])[6] as number | undefined) ?? 0;
  const members = membersOf(schema);
  const chosen = schema.isUnionSchema()
    ? [random.pick(members)]
    : members.filter(
        ([, member], index) =>
          // A client fills in a token that was left out.
          index < required || member.isIdempotencyToken() || (depth < deepest && random.below(3) > 0),
      );
  return Object.fromEntries(chosen.map(([name, member]) => [name, randomValue(random, member, depth + 1)]));
}
