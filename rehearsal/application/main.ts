import { inspect } from 'node:util';
import { listenToParent } from '../processes/lifeline';
import { readApplicationConfiguration } from './configuration';
import { Stack } from './stack/stack';

/**
 * One stack of the application: `node …/application/main.ts CONFIGURATION.json`. Prints `ready` when it listens, be its
 * accounts locked or not. Ends on SIGTERM or at the end of stdin.
 */
async function main(): Promise<void> {
  const configuration = readApplicationConfiguration(process.argv[2] ?? '');
  const stack = new Stack(configuration);
  listenToParent({
    onEnd: () => {
      stack.close();
      // What is in hand is answered by nobody any more.
      setTimeout(() => process.exit(0), 200);
    },
  });
  await stack.start();
  const { name, side, listen } = configuration;
  process.stdout.write(`${JSON.stringify({ type: 'ready', name, side, listen })}\n`);
}

main().catch((error: Error) => {
  process.stderr.write(`${inspect(error)}\n`);
  process.exit(1);
});
