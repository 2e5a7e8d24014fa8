import type { Value } from '../../../row-change';
import type { Route } from '../../../table-mappings/route';
import { quoteLiteral } from '../../../mysql/quoting';
import { RefusedValueError } from '../../refused-value';
import type { TargetColumn } from '../target-table';
import { jsonLiteral } from './json';
import { dateLiteral, momentLiteral, timeLiteral } from './moment';
import { bitLiteral, decimalLiteral, floatLiteral, integerLiteral, numberFromBits, yearLiteral } from './number';
import { bytesLiteral, enumLiteral, setLiteral, textLiteral } from './text';

/** Writes a value as SQL text that means exactly this value in a column. */
export type Literal = (value: Value) => string;

/** @throws RefusedValueError from the literal, for a value that the column cannot hold as it is */
export function literalOf(column: TargetColumn, route: Route): Literal {
  const write = writerOf(column, route);
  return (value) => {
    if (value === null || value === undefined) {
      // The server would put the present moment or the next number there, as the column's type has it.
      if (!column.nullable) throw new RefusedValueError(`column ${column.name} takes no NULL`);
      return 'NULL';
    }
    try {
      return write(value);
    } catch (error) {
      if (!(error instanceof RefusedValueError)) throw error;
      throw new RefusedValueError(`column ${column.name}: ${error.message}`, error.truncates);
    }
  };
}

function writerOf(column: TargetColumn, route: Route): (text: string) => string {
  const source = route.sourceTypes.get(column.name);
  const fromBits = source === 'bit' || source === 'varbit' || route.bitColumns.has(column.name);
  const number = (text: string): string => (fromBits ? numberFromBits(text) : (booleans[text] ?? text));
  switch (column.dataType) {
    case 'tinyint':
    case 'smallint':
    case 'mediumint':
    case 'int':
    case 'bigint':
      return (text) => integerLiteral(number(text));
    case 'year':
      return yearLiteral;
    case 'decimal':
      return (text) => decimalLiteral(number(text), column);
    case 'float':
    case 'double':
      return (text) => floatLiteral(text, column, source === 'float4');
    case 'bit':
      return (text) => bitLiteral(booleans[text] ?? text, column, fromBits);
    case 'date':
      return dateLiteral;
    case 'datetime':
    case 'timestamp':
      return (text) => momentLiteral(text, column);
    case 'time':
      return (text) => timeLiteral(text, column);
    case 'char':
    case 'varchar':
    case 'tinytext':
    case 'text':
    case 'mediumtext':
    case 'longtext':
      return (text) => textLiteral(text, column, source === 'bpchar');
    case 'enum':
      return (text) => enumLiteral(text, column);
    case 'set':
      return (text) => setLiteral(text, column);
    case 'binary':
    case 'varbinary':
    case 'tinyblob':
    case 'blob':
    case 'mediumblob':
    case 'longblob':
      return (text) => bytesLiteral(text, column);
    case 'json':
      return jsonLiteral;
    case 'uuid':
    case 'inet4':
    case 'inet6':
      return quoteLiteral;
    default:
      return () => {
        throw new RefusedValueError(`the type ${column.columnType} cannot be written`);
      };
  }
}

/** As COPY writes them, and as test_decoding does. */
const booleans: Readonly<Record<string, string>> = { t: '1', f: '0', true: '1', false: '0' };
