/**
 * Stands for AWS DMS in a rehearsal: `node …/replicator/main.ts CONFIG.json`. It connects to the
 * AWS endpoint's control port and runs the tasks that it is told to. Ends when stdin ends, on SIGTERM, or when the
 * control connection is gone.
 */
import { readFileSync } from 'node:fs';
import { z } from 'zod';
import { ControlConnection } from './control-connection';
import { Replicator } from './replicator';

const configuration = z.strictObject({ control: z.strictObject({ host: z.string(), port: z.int().positive() }) });

/** What is not finished by then is left as a killed process would leave it: it resumes. */
const patienceMilliseconds = 2_000;

async function main(path: string | undefined): Promise<void> {
  if (!path) throw new Error('the path of a configuration file is missing: rehearsal/replicator/main.ts CONFIG.json');
  const { control } = configuration.parse(JSON.parse(readFileSync(path, 'utf8')));
  const connection = await ControlConnection.open(control.host, control.port);
  const replicator = new Replicator((report) => connection.send(report));
  let ending = false;
  const end = (): void => {
    if (ending) return;
    ending = true;
    setTimeout(() => process.exit(0), patienceMilliseconds).unref();
    void replicator.close().then(() => {
      connection.close();
      process.exit(0);
    });
  };
  connection.listen((message) => replicator.handle(message), end);
  process.on('SIGTERM', end);
  process.stdin.on('end', end).on('error', end).resume();
  process.stdout.on('error', end);
  process.stdout.write(`${JSON.stringify({ type: 'ready', pid: process.pid })}\n`);
}

main(process.argv[2]).catch((error: Error) => {
  process.stderr.write(`${error.stack ?? error.message}\n`);
  process.exit(1);
});
