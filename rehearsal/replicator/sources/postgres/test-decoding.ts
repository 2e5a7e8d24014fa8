import type { RowChange, TableName, Tuple, Value } from '../../row-change';
import { TextCursor } from './text-cursor';

/** What one message of the plugin says. */
export type DecodedMessage = { kind: 'begin' } | { kind: 'commit'; committedAtMilliseconds: number } | RowChange;

interface Layout {
  names: string[];
  /** ` name[type]:` of each column, to step over what the row before already taught. */
  prefixes: string[];
}

/**
 * Reads the text of PostgreSQL's `test_decoding` (contrib/test_decoding/test_decoding.c), the plugin that DMS uses.
 * Values stay the text that the type's output function wrote. Throws on anything that it does not know.
 */
export class TestDecodingParser {
  private readonly layouts = new Map<string, Layout>();

  parse(text: string): DecodedMessage {
    if (text.startsWith('table ')) return this.change(text);
    if (text.startsWith('BEGIN')) return { kind: 'begin' };
    if (text.startsWith('COMMIT')) return { kind: 'commit', committedAtMilliseconds: commitTime(text) };
    return new TextCursor(text).refuse('expected BEGIN, COMMIT or table');
  }

  private change(text: string): RowChange {
    const cursor = new TextCursor(text);
    cursor.expect('table ');
    const start = cursor.at;
    const table = qualifiedName(cursor);
    if (cursor.accept(', ')) return truncation(cursor, table);
    const key = cursor.since(start);
    cursor.expect(': ');
    if (cursor.accept('INSERT:')) return { kind: 'insert', table, row: this.requiredTuple(cursor, key) };
    if (cursor.accept('UPDATE:')) {
      if (!cursor.accept(' old-key:')) return { kind: 'update', table, row: this.requiredTuple(cursor, key) };
      const old = this.tuple(cursor, `${key} old`, ' new-tuple:');
      return { kind: 'update', table, key: old, row: this.requiredTuple(cursor, key) };
    }
    if (cursor.accept('DELETE:')) {
      if (cursor.accept(' (no-tuple-data)')) return { kind: 'delete', table };
      return { kind: 'delete', table, key: this.tuple(cursor, `${key} old`) };
    }
    if (cursor.accept('TRUNCATE:')) return { kind: 'truncate', tables: [table] };
    return cursor.refuse('expected INSERT, UPDATE, DELETE or TRUNCATE');
  }

  private requiredTuple(cursor: TextCursor, key: string): Tuple {
    if (cursor.accept(' (no-tuple-data)')) cursor.refuse('a row without its data');
    return this.tuple(cursor, key);
  }

  private tuple(cursor: TextCursor, key: string, terminator?: string): Tuple {
    const layout = this.layouts.get(key);
    const values: Value[] = [];
    let known = layout;
    let learned: Layout | undefined;
    while (!cursor.ended && !(terminator !== undefined && cursor.accept(terminator))) {
      const index = values.length;
      const prefix = known?.prefixes[index];
      if (prefix === undefined || !cursor.accept(prefix)) {
        learned ??= {
          names: layout?.names.slice(0, index) ?? [],
          prefixes: layout?.prefixes.slice(0, index) ?? [],
        };
        known = undefined;
        learnColumn(cursor, learned);
      }
      values.push(cursor.datum());
    }
    if (layout && !learned && values.length === layout.names.length) return { names: layout.names, values };
    learned ??= {
      names: layout?.names.slice(0, values.length) ?? [],
      prefixes: layout?.prefixes.slice(0, values.length) ?? [],
    };
    this.layouts.set(key, learned);
    return { names: learned.names, values };
  }
}

function learnColumn(cursor: TextCursor, layout: Layout): void {
  const start = cursor.at;
  cursor.expect(' ');
  const name = cursor.identifier();
  cursor.type();
  layout.names.push(name);
  layout.prefixes.push(cursor.since(start));
}

function qualifiedName(cursor: TextCursor): TableName {
  const schema = cursor.identifier();
  cursor.expect('.');
  return { schema, table: cursor.identifier() };
}

/** One message names every table of a TRUNCATE: `table a.b, a.c: TRUNCATE: (no-flags)`. */
function truncation(cursor: TextCursor, first: TableName): RowChange {
  const tables = [first];
  do tables.push(qualifiedName(cursor));
  while (cursor.accept(', '));
  cursor.expect(': TRUNCATE:');
  return { kind: 'truncate', tables };
}

/** `COMMIT 771 (at 2026-03-01 10:00:00.123456+00)`; the session's time zone is UTC, microseconds are cut. */
function commitTime(text: string): number {
  const match = /\(at (\d{4,}-\d\d-\d\d) (\d\d:\d\d:\d\d)(\.\d+)?\+00\)$/.exec(text);
  if (!match) throw new Error(`test_decoding commit without its time in UTC: "${text}"`);
  return Date.parse(`${match[1]}T${match[2]}${(match[3] ?? '.000').slice(0, 4).padEnd(4, '0')}Z`);
}
