/** Whole milliseconds since 1970 of a moment. */
export const milliseconds = (moment: string): string => `floor(extract(epoch FROM ${moment}) * 1000)::bigint`;
