import { readFileSync, statSync } from 'node:fs';
import { listenToParent } from '../../../../rehearsal/processes/lifeline';

/** A child of a rehearsal, as short as one can be: says what it was given, answers commands, ends when it shall. */
const file = process.argv[2] ?? '';
const print = (line: object): void => void process.stdout.write(`${JSON.stringify(line)}\n`);
const staying = setInterval(() => undefined, 1_000);

listenToParent({
  onCommand: (command) => print({ type: 'answer', command }),
  onEnd: () => {
    print({ type: 'ended' });
    clearInterval(staying);
    process.stdin.destroy();
  },
});

print({
  type: 'ready',
  configuration: file === '' ? undefined : (JSON.parse(readFileSync(file, 'utf8')) as unknown),
  mode: file === '' ? undefined : statSync(file).mode & 0o777,
  environment: process.env,
  workingFolder: process.cwd(),
});
process.stderr.write('a line for the log\n');
