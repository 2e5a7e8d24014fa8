import { floatLiteral } from '../../../../../../rehearsal/replicator/sinks/mysql/literals/number';
import { RefusedValueError } from '../../../../../../rehearsal/replicator/sinks/refused-value';
import type { TargetColumn } from '../../../../../../rehearsal/replicator/sinks/mysql/target-table';

const scales = { float: undefined, 'float(5,2)': 2, 'double(8,3)': 3 };
type ColumnType = keyof typeof scales;
const literal = (columnType: ColumnType, text: string) => {
  const dataType = columnType.replace(/\(.*/, '');
  return floatLiteral(text, { name: 'n', dataType, columnType, scale: scales[columnType] } as TargetColumn, false);
};

test.each<[ColumnType, string, string]>([
  ['float', '0.1', `'${Math.fround(0.1)}'`],
  ['float', '0.10000000149011612', `'${Math.fround(0.1)}'`],
  ['float', '-0', `'-0'`],
  ['float(5,2)', '77.1', `'${Math.fround(77.1)}'`],
  ['float(5,2)', '77.0999984741211', `'${Math.fround(77.1)}'`],
  ['double(8,3)', '12345.678', `'12345.678'`],
])('%s takes what it holds or prints: %s', (columnType, text, written) => {
  expect(literal(columnType, text)).toBe(written);
});

test.each<[ColumnType, string]>([
  ['float', '0.1000000001'],
  ['float', '1e300'],
  ['float(5,2)', '77.125'],
  ['double(8,3)', '0.0001'],
  ['double(8,3)', 'NaN'],
])('%s refuses what would come back otherwise: %s', (columnType, text) => {
  expect(() => literal(columnType, text)).toThrow(RefusedValueError);
});
