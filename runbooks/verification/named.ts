/** schema.table, as the definition and every report write it. */
export const named = ({ schema, name }: { schema: string; name: string }): string => `${schema}.${name}`;
