/** RFC 1035, section 4.1.1: the low four bits of the header's flags. */
export const responseCode = {
  noError: 0,
  formatError: 1,
  serverFailure: 2,
  nameError: 3,
  notImplemented: 4,
  refused: 5,
} as const;

export type ResponseCode = (typeof responseCode)[keyof typeof responseCode];
