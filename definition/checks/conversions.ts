import { conversionOf } from '../replication/conversions';
import { familyOf } from '../engines';
import type { Finding } from '../definition-error';
import type { MigrationCheck } from './check';

/** Triggers of PostgreSQL convert: two that write one column would overrule each other. */
export const conversionsStandAlone: MigrationCheck = ({ migration: { target, transformations } }) => {
  const seen = new Set<string>();
  return transformations.flatMap((one, index): Finding[] => {
    const conversion = conversionOf(one);
    if (!conversion) return [];
    const path = `transformations[${index}]`;
    const { table, column, to } = conversion;
    if (familyOf(target.engine) !== 'postgres')
      return [
        {
          path: `${path}.kind`,
          value: one.kind,
          allowed: 'only where the target is PostgreSQL',
          why: 'its triggers keep the converted column',
        },
      ];
    return (
      [
        ['column', column],
        ['to', to],
      ] as const
    ).flatMap(([part, name]): Finding[] => {
      const full = `${table} ${name}`;
      if (!seen.has(full)) {
        seen.add(full);
        return [];
      }
      return [
        {
          path: `${path}.${part}`,
          value: name,
          allowed: 'a column that no conversion of the table names yet',
          why: 'each is kept equal to one other column',
        },
      ];
    });
  });
};
