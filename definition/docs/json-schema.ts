import { z } from 'zod';
import { environmentSchema } from '../schema/environment';

/** What is read of a JSON Schema here. */
export interface JsonSchema {
  type?: string;
  description?: string;
  default?: unknown;
  enum?: unknown[];
  const?: unknown;
  properties?: Record<string, JsonSchema>;
  required?: string[];
  items?: JsonSchema;
  additionalProperties?: JsonSchema | boolean;
  anyOf?: JsonSchema[];
  oneOf?: JsonSchema[];
  minimum?: number;
  exclusiveMinimum?: number;
  maximum?: number;
}

/** The definition of an environment as JSON Schema (draft 2020-12), as it may be written: defaults left out. */
export const environmentJsonSchema = (): JsonSchema =>
  ({
    title: 'Environment of Cutover',
    ...z.toJSONSchema(environmentSchema, { io: 'input' }),
  }) as JsonSchema;
