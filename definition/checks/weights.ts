import type { Finding } from '../definition-error';

type Loose = Record<string, unknown> | null | undefined;
const entries = (value: unknown): [string, unknown][] =>
  typeof value === 'object' && value !== null ? Object.entries(value) : [];

/** Whether both sides of a write record would answer: two masters. */
const isSplit = (weights: unknown): boolean => entries(weights).filter(([, weight]) => weight !== 0).length > 1;

/**
 * Looks at the definition as it was written, before the schema: weights are no setting at all, and who sets one deserves
 * the reason, not "unknown setting".
 */
export function weightsAreNotDefined(input: unknown): Finding[] {
  return entries((input as Loose)?.['migrations']).flatMap(([migration, body]) =>
    entries((body as Loose)?.['records']).flatMap(([index, record]): Finding[] => {
      const weights = (record as Loose)?.['weights'];
      if (weights === undefined) return [];
      const path = `migrations.${migration}.records[${index}].weights`;
      if ((record as Loose)?.['kind'] === 'write' && isSplit(weights))
        return [
          {
            path,
            value: weights,
            allowed: 'absent: a write record is all or nothing, 255/0 or 0/255, and starts on the source',
            why: 'a split write record is two masters: clients of both sides would write at the same time',
          },
        ];
      return [
        {
          path,
          value: weights,
          allowed: 'absent: records start on the source, 255/0',
          why: 'weights are owned by the runbooks; a deploy that set them could move traffic back',
        },
      ];
    }),
  );
}
