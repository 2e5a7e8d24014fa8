import { transformationSchema } from '../../../definition/schema/tables';

const convert = (forward: string) =>
  transformationSchema.safeParse({
    ...{ kind: 'convert-column', table: 'shop.visit', column: 'seconds', to: 'at' },
    ...{ forward, reverse: 'extract(epoch FROM $value)::int8' },
  });

test.each(['to_timestamp($value)', "split_part($value, ' - ', 2)", '$value\n  / 100.0', '$value + $value'])(
  '%j converts',
  (expression) => {
    expect(convert(expression).success).toBe(true);
  },
);

test.each([
  'now()',
  '$values',
  'to_timestamp($1)',
  '$value || $other',
  '$value); DROP TABLE visit',
  '$value -- seconds',
  '$value /* seconds */',
  '$value || $cutover$x$cutover$',
])('%j does not, and the refusal says what does', (expression) => {
  const issues = convert(expression).error?.issues.map(({ path, message }) => [path.join('.'), message]);
  expect(issues).toEqual([['forward', expect.stringContaining('one SQL expression with $value in it') as string]]);
});
