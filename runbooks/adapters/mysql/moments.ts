/** Whole milliseconds since 1970 of a moment without a zone, in UTC as all our sessions are. */
export const milliseconds = (moment: string): string =>
  `TIMESTAMPDIFF(MICROSECOND, '1970-01-01 00:00:00.000000', ${moment}) DIV 1000`;
