import type { Template } from '../../../review/assembly';
import type { Template as Assertions } from 'aws-cdk-lib/assertions';

/** One property that protects data, and the smallest change of the template that would take it away. */
export interface Intention {
  readonly title: string;
  /** Stack of the production environment. */
  readonly stack: string;
  /** Throws when the property does not hold. */
  readonly holds: (template: Assertions) => void;
  /** Changes the template so that it no longer holds. */
  readonly breaks: (template: Template) => void;
}

/** The only resource of a type, as it may be changed. */
export function resourceOf(template: Template, type: string, id?: string) {
  const found = Object.entries(template.Resources ?? {}).find(
    ([name, resource]) => resource.Type === type && (id === undefined || name.startsWith(id)),
  );
  if (!found) throw new Error(`no ${type} ${id ?? ''}`);
  return found[1] as {
    Type: string;
    Properties: Record<string, unknown>;
    DeletionPolicy?: string;
    UpdateReplacePolicy?: string;
  };
}

export const setProperty =
  (type: string, property: string, value: unknown, id?: string) =>
  (template: Template): void => {
    resourceOf(template, type, id).Properties[property] = value;
  };
