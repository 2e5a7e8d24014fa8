/** The small vocabulary that every part of the schema shares. */
import { z } from 'zod';

export const text = z.string().min(1, 'a text that is not empty');
export const seconds = z.number().min(0, '0 seconds or more');
export const positiveSeconds = z.number().positive('more than 0 seconds');
export const count = z.number().int('a whole number').min(1, '1 or more');
export const hostName = z.string().regex(/^[A-Za-z0-9_.-]+$/, 'a host name or an address, without protocol or port');
export const port = z.number().int('a whole number').min(1, '1 to 65535').max(65535, '1 to 65535');

/** Names that become part of parameter paths, identifiers and journal prefixes. */
export const shortName = z
  .string()
  .regex(/^[a-z][a-z0-9-]{0,29}$/, 'lower-case letters, digits and hyphens, at most 30 characters, a letter first');

export const accountName = z.string().regex(/^[A-Za-z_][A-Za-z0-9_$-]{0,62}$/, 'a database account name, unquoted');
/** Everything before the first dot is the schema; names that are quoted in SQL stand here as they are, unquoted. */
const schemaAndTable = (excluded: string) =>
  new RegExp(
    `^[^.\\s${excluded}](?:[^.${excluded}]*[^.\\s${excluded}])?\\.[^\\s${excluded}](?:[^${excluded}]*[^\\s${excluded}])?$`,
  );
export const tablePattern = z.string().regex(schemaAndTable(''), 'schema.table, with % as wildcard');
export const tableName = z.string().regex(schemaAndTable('%'), 'schema.table, without wildcards');

/** Program and arguments: no shell ever reads it. */
export const command = z.array(text).min(1, 'a program and its arguments');
