import type { Dialect } from './dialect';

const quoted = (name: string): string => `"${name.replaceAll('"', '""')}"`;

export const postgresDialect: Dialect = {
  quoted,
  value: ({ on }, side, place) => `$${place}::${on[side].type}`,
  given: ({ kind }, _side, neutral) => (kind === 'bytes' && neutral !== null ? `\\x${neutral}` : neutral),
  read: ({ on }, side) => `${quoted(on[side].name)}::text`,
};
