import type { Manifest } from '../manifest/sections';
import { flowSchema, localSchema } from '../control-schemas';

const own = new Set([localSchema, flowSchema, 'information_schema']);

/** `schema.table` patterns of the definition: `%` stands for any text, all else for itself. */
export const matches = (pattern: string, name: string): boolean =>
  new RegExp(`^${pattern.replace(/[.*+?^${}()|[\]\\]/g, '\\$&').replaceAll('%', '.*')}$`, 's').test(name);

/** Says of a name whether the definition waives this finding for it. */
export function waivedFor({ waivers }: Pick<Manifest['tables'], 'waivers'>, check: string): (name: string) => boolean {
  const fitting = waivers.filter((waiver) => waiver.check === check);
  return (name) => fitting.some((waiver) => matches(waiver.table, name));
}

const isSystem = (schema: string, table: string): boolean =>
  own.has(schema) || schema.startsWith('pg_') || table.startsWith('awsdms_');

/** Is a table of the source selected? Control tables of the product and of DMS only where they are named in full. */
export function isSelected(tables: Pick<Manifest['tables'], 'include' | 'exclude'>, name: string): boolean {
  const dot = name.indexOf('.');
  if (isSystem(name.slice(0, dot), name.slice(dot + 1)) && !tables.include.includes(name)) return false;
  return tables.include.some((one) => matches(one, name)) && !tables.exclude.some((one) => matches(one, name));
}
