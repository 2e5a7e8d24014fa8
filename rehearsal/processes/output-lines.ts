import { createInterface } from 'node:readline';
import type { Readable } from 'node:stream';

/** One object of a child's NDJSON output. */
export type Line = Readonly<Record<string, unknown>>;

export interface OutputLines {
  /** Resolves with the first line of this type; never when none comes. */
  first: (type: string) => Promise<Line>;
  lines: () => AsyncIterable<Line>;
  readonly ended: Promise<void>;
}

/** Reads a stream as NDJSON for any number of readers; nothing is kept for readers that come later. */
export function readLines(stream: Readable, onLine?: (line: Line) => void): OutputLines {
  const listeners = new Set<(line: Line | undefined) => void>();
  let over = false;
  const ended = new Promise<void>((resolve) => {
    createInterface({ input: stream })
      .on('line', (text) => {
        const line = parse(text);
        onLine?.(line);
        for (const listener of [...listeners]) listener(line);
      })
      .on('close', () => {
        over = true;
        for (const listener of [...listeners]) listener(undefined);
        resolve();
      });
  });
  return {
    ended,
    first: (type) =>
      new Promise((resolve) => {
        const listener = (line: Line | undefined): void => {
          if (line?.type !== type) return;
          listeners.delete(listener);
          resolve(line);
        };
        listeners.add(listener);
      }),
    lines: () => {
      // Subscribed now, not at the first `next`: a reader loses nothing that is written in between.
      const waiting: Line[] = [];
      let done = over;
      let wake = (): void => undefined;
      const listener = (line: Line | undefined): void => {
        if (line === undefined) done = true;
        else waiting.push(line);
        wake();
      };
      listeners.add(listener);
      return (async function* () {
        try {
          for (;;) {
            for (let line = waiting.shift(); line !== undefined; line = waiting.shift()) yield line;
            if (done) return;
            await new Promise<void>((resolve) => (wake = resolve));
          }
        } finally {
          listeners.delete(listener);
        }
      })();
    },
  };
}

function parse(text: string): Line {
  try {
    const value: unknown = JSON.parse(text);
    if (typeof value === 'object' && value !== null && !Array.isArray(value)) return value as Line;
  } catch {
    // Falls through: a program may print ordinary text as well.
  }
  return { type: 'text', text };
}
