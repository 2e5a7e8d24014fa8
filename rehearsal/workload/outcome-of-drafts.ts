import { type Draft, rowOf } from './draft';
import type { OwnRows } from './own-rows';

/** After a commit. */
export function remember(own: OwnRows, draft: Draft): void {
  if (draft.kind === 'insert') own.add(rowOf(draft));
  if (draft.kind === 'delete') own.remove(rowOf(draft.row));
}

/** Nobody knows whether the change stands: the row is not touched again. */
export function letGo(own: OwnRows, draft: Draft): void {
  if (draft.kind !== 'insert') return 'kind' in draft.row ? undefined : own.forget(draft.row);
  for (const [, parent] of draft.parents) if (!('kind' in parent)) parent.children++;
}

/** A pattern that the schema's rules refused is not used again, unless it is among the last ones. */
export function avoid(own: OwnRows, refused: Draft): void {
  if (refused.kind !== 'insert' || refused.template === undefined) return letGo(own, refused);
  const { templates } = refused.model;
  const at = templates.indexOf(refused.template);
  if (at >= 0 && templates.length > 3) templates.splice(at, 1);
}
