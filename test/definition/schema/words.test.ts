import { tableName, tablePattern } from '../../../definition/schema/words';

test.each(['public.orders', 'Sales Dept.Order.Items', 'select.größe "x"'])('%s names a table', (name) => {
  expect(tableName.safeParse(name).success).toBe(true);
});

test.each(['Sales Dept.%', '%.%', 'public.log%'])('%s is a pattern and no name', (pattern) => {
  expect([tablePattern, tableName].map((schema) => schema.safeParse(pattern).success)).toEqual([true, false]);
});

test.each(['orders', 'public.', '.orders', ' public.orders', 'public.orders ', 'public .orders', 'public. orders'])(
  '%j is neither',
  (text) => {
    expect([tablePattern, tableName].map((schema) => schema.safeParse(text).success)).toEqual([false, false]);
  },
);
