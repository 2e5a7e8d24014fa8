import type { Filter } from '@aws-sdk/client-database-migration-service';
import { AwsError } from '../../wire/aws-error';
import { page } from '../paging';
import type { Page } from '../paging';

/**
 * Keeps what passes every filter.
 * @throws InvalidParameterValueException for a filter name that the operation does not know
 */
export function filtered<T>(
  items: readonly T[],
  filters: readonly Filter[] | undefined,
  fields: Readonly<Record<string, (item: T) => string | undefined>>,
): T[] {
  return items.filter((item) =>
    (filters ?? []).every(({ Name, Values }) => {
      const field = fields[Name ?? ''];
      if (field !== undefined) return Values?.includes(field(item) ?? '') ?? false;
      const known = Object.keys(fields).join(', ');
      throw new AwsError('InvalidParameterValueException', `The filter name ${Name ?? ''} is not one of ${known}`);
    }),
  );
}

/** A page within DMS's bounds for MaxRecords, which differ by operation. */
export function recordsPage<T>(
  items: readonly T[],
  { MaxRecords, Marker }: { MaxRecords?: number | undefined; Marker?: string | undefined },
  [least, most]: readonly [least: number, most: number] = [20, 100],
): Page<T> {
  const size = MaxRecords ?? 100;
  if (size >= least && size <= most) return page(items, size, Marker);
  const message = `The parameter MaxRecords must be from ${least} to ${most}; got ${size}`;
  throw new AwsError('InvalidParameterValueException', message);
}
