import { escape, escapeId } from 'mysql2';
import { escapeLiteral } from 'pg';
import type { Administrator } from '../engines/any-engine';
import { notesSchema } from './made-names';

/**
 * `run`: when it began. `account`: one that the rehearsal makes. `kept`: a constraint, index or collation whose name looks
 * like one of ours, and that was there before.
 */
export type NoteKind = 'run' | 'account' | 'kept';

export interface Note {
  readonly kind: NoteKind;
  readonly name: string;
}

type Family = 'mysql' | 'postgres';
const text = { mysql: (value: string) => escape(value), postgres: (value: string) => escapeLiteral(value) };

/** Remembers, before anything else is written. */
export async function writeNotes(session: Administrator, family: Family, notes: readonly Note[]): Promise<void> {
  const literal = text[family];
  const made =
    family === 'mysql'
      ? `CREATE DATABASE ${escapeId(notesSchema)} CHARACTER SET utf8mb4 COLLATE utf8mb4_bin`
      : `CREATE SCHEMA ${notesSchema}`;
  await session.query(made);
  await session.query(`CREATE TABLE ${notesSchema}.note (kind varchar(20) NOT NULL, name varchar(400) NOT NULL)`);
  const rows = notes.map(({ kind, name }) => `(${literal(kind)}, ${literal(name)})`);
  await session.query(`INSERT INTO ${notesSchema}.note VALUES ${rows.join(', ')}`);
}

/** What an earlier rehearsal, or this one, remembers; undefined where there is nothing of it. */
export async function readNotes(session: Administrator): Promise<Note[] | undefined> {
  const found = await session.query(`SELECT 1 FROM information_schema.SCHEMATA WHERE SCHEMA_NAME = '${notesSchema}'`);
  if (found.length === 0) return undefined;
  const table = await session.query(
    `SELECT 1 FROM information_schema.TABLES WHERE TABLE_SCHEMA = '${notesSchema}' AND TABLE_NAME = 'note'`,
  );
  if (table.length === 0) return [];
  const rows = await session.query(`SELECT kind, name FROM ${notesSchema}.note`);
  return rows.map((row) => ({ kind: String(row['kind']) as NoteKind, name: String(row['name']) }));
}

export const noted = (notes: readonly Note[], kind: NoteKind): string[] =>
  notes.filter((note) => note.kind === kind).map(({ name }) => name);
