import { createReadStream, fstatSync } from 'node:fs';
import { Socket } from 'node:net';
import { createInterface } from 'node:readline';
import { isatty, ReadStream } from 'node:tty';
import { UnusableStaging } from './staging-url';

/** The two databases by their names. */
interface NamedPair {
  readonly source: { readonly database: string };
  readonly target: { readonly database: string };
}

/** The answers of a person, line by line: undefined once there are no more. */
export type Answers = () => Promise<string | undefined>;

/** Names that were given beforehand. @throws UnusableStaging when they are not those of the two databases */
export function checkConfirmed(confirmed: readonly string[], { source, target }: NamedPair): void {
  if (confirmed.length === 0) return;
  const allowed = `--confirm ${source.database} --confirm ${target.database}`;
  if (confirmed.length !== 2 || confirmed[0] !== source.database || confirmed[1] !== target.database)
    throw new UnusableStaging(
      `${confirmed.map((name) => `--confirm ${name}`).join(' ')} does not name the databases, the source's and then the target's; allowed is ${allowed}`,
    );
}

/** Given as options, or typed now: the name of the source's database, then that of the target's. */
export async function isConfirmed(
  confirmed: readonly string[],
  { source, target }: NamedPair,
  ask: (question: string) => Promise<string | undefined>,
): Promise<boolean> {
  if (confirmed.length > 0) return true;
  for (const [side, { database }] of [
    ['source', source],
    ['target', target],
  ] as const) {
    const typed = await ask(`Type the name of the ${side}'s database (${database}) to go on: `);
    if (typed?.trim() !== database) return false;
  }
  return true;
}

/**
 * Whoever shares a pipe or a terminal with us may have set it not to block (Node does so by a look at its own standard
 * input): read as a file it would fail as soon as nothing has been typed yet.
 */
function readable(descriptor: number): NodeJS.ReadableStream {
  if (isatty(descriptor)) return new ReadStream(descriptor);
  const kind = fstatSync(descriptor);
  if (kind.isFIFO() || kind.isSocket()) return new Socket({ fd: descriptor, readable: true, writable: false });
  return createReadStream('', { fd: descriptor, autoClose: false });
}

/** What is typed at the terminal, or comes from a pipe. */
export function answersOf(descriptor: number): Answers {
  const lines = createInterface({ input: readable(descriptor) })[Symbol.asyncIterator]();
  return async () => {
    const line: IteratorResult<string, undefined> = await lines.next();
    return line.done ? undefined : line.value;
  };
}
