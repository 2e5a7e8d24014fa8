import { canonical } from '../application/canonical';
import type { NeutralColumn, NeutralTable } from '../application/model/neutral-table';
import type { Row } from '../workload/table-model';

/** Whether both sides hold each value of a row that stands on one of them: what one alone holds is no pattern. */
export const fitsBoth = ({ columns }: NeutralTable, row: Row): boolean =>
  columns.every((column) => fits(column, row[column.name] ?? null));

function fits(column: NeutralColumn, value: string | null): boolean {
  if (value === null) return !column.notNull || column.computed || column.keyMaker !== null;
  switch (column.kind) {
    case 'label':
      return column.labels?.includes(value) ?? true;
    case 'date':
    case 'timestamp':
      // MySQL knows days and months that are zero.
      return /^\d{4}-(?!00)\d\d-(?!00)\d\d/.test(value) && !value.startsWith('0000');
    case 'time':
      return /^([01]\d|2[0-3]):/.test(value);
    case 'integer':
      return column.range === undefined || between(BigInt(value), column.range);
    case 'text':
      return column.maxLength === null || [...value].length <= column.maxLength;
    case 'json':
      return canonical(column, value) === value;
    default:
      return true;
  }
}

const between = (value: bigint, [from, to]: [string, string]): boolean => value >= BigInt(from) && value <= BigInt(to);
