/** Engines vary from pass to pass, and tables grow since the last one. */
const reserve = 1.25;

/**
 * Predicted milliseconds of a full pass under the fence, from the newest full verification: its time per row, with a
 * reserve. That one ran with writers beside it and waited to compare again, so the prediction is rather too long.
 */
export function planQuietVerification(last: { readonly rows: number; readonly durationMilliseconds: number }): number {
  return Math.ceil(last.durationMilliseconds * reserve);
}
