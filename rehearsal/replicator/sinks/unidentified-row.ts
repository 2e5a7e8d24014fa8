/** A change whose row the log does not identify (no replica identity). */
export class UnidentifiedRowError extends Error {}
