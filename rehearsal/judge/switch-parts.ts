/** Parts of a write pause that people ask about; milliseconds. */
export type SwitchParts = Partial<Record<(typeof PARTS)[number][0] | 'reconnect', number>>;

const PARTS = [
  ['fence', /^Fence\b/],
  ['drain', /^Drain\b/],
  ['verify', /^Verify under the fence\b/],
  ['route', /^Send the records\b/],
] as const;

interface FinishedStep {
  title: string;
  milliseconds: number;
}

/**
 * What an operator's `step.finished` events say about where the pause went. It explains the pause; how long it was is
 * measured at the clients.
 */
export function partsOf(steps: FinishedStep[]): SwitchParts {
  const parts: SwitchParts = {};
  for (const [part, title] of PARTS) {
    const found = steps.filter((step) => title.test(step.title));
    if (found.length > 0) parts[part] = Math.round(found.reduce((sum, step) => sum + step.milliseconds, 0));
  }
  return parts;
}
