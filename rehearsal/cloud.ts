import { readFileSync } from 'node:fs';
import { createInterface } from 'node:readline';
import { z } from 'zod';
import { startAwsEndpoint } from './aws-endpoint/endpoint';
import type { AwsEndpoint } from './aws-endpoint/endpoint';
import { faultSchema } from './aws-endpoint/fault-schema';
import { endpointSeed } from './aws-endpoint/seed';
import type { EndpointSeed } from './aws-endpoint/seed';
import { startAuthoritativeServer } from './name-server/authoritative';
import { startResolver } from './name-server/resolver';

interface Closable {
  close(): Promise<void>;
}

function say(line: object): void {
  process.stdout.write(`${JSON.stringify(line)}\n`);
}

/** The name servers of the seed, each hearing of changes from the endpoint and reporting back what it applied. */
async function startNameServers(seed: EndpointSeed, endpoint: AwsEndpoint): Promise<Closable[]> {
  const { nameServers, resolver, zones } = seed.route53;
  const started: Closable[] = [];
  for (const [index, server] of nameServers.entries()) {
    started.push(
      await startAuthoritativeServer({
        ...server,
        feed: endpoint.zones,
        zones: zones.map(({ name }) => name),
        onApplied: (changeId: string) => endpoint.applied(index, changeId),
      }),
    );
  }
  if (resolver !== undefined) {
    const authoritative = nameServers.map(({ host, port }) => ({ host, port }));
    started.push(await startResolver({ ...resolver, authoritative }));
  }
  return started;
}

/** One line of standard input: `{"type":"fault","fault":{"kind":…}}`. What cannot be read is reported, not fatal. */
function receive(line: string, endpoint: AwsEndpoint): void {
  try {
    const message = JSON.parse(line) as { type?: unknown; fault?: unknown };
    if (message.type !== 'fault') throw new Error(`unknown type ${String(message.type)}; the one known type is fault`);
    endpoint.addFault(faultSchema.parse(message.fault));
    say({ type: 'fault.added', fault: message.fault });
  } catch (error) {
    say({ type: 'fault.refused', line, reason: error instanceof Error ? error.message : String(error) });
  }
}

/** The AWS endpoint, its authoritative name servers and the resolver, as one process that ends with its parent. */
async function main(seedFile: string | undefined): Promise<void> {
  if (seedFile === undefined)
    throw new Error('usage: cloud.ts SEED, the path of a JSON file (see aws-endpoint/seed.ts)');
  const parsed = endpointSeed.safeParse(JSON.parse(readFileSync(seedFile, 'utf8')));
  if (!parsed.success) throw new Error(`${seedFile} is not a seed of the endpoint:\n${z.prettifyError(parsed.error)}`);
  const seed = parsed.data;
  const endpoint = await startAwsEndpoint(seed);
  const servers = await startNameServers(seed, endpoint);

  let closing = false;
  const close = (): void => {
    if (closing) return;
    closing = true;
    Promise.all([endpoint.close(), ...servers.map((server) => server.close())])
      .catch((error: unknown) => process.stderr.write(`cloud: ${String(error)}\n`))
      .finally(() => process.exit(0));
  };
  process.on('SIGTERM', close);
  process.on('SIGINT', close);
  const input = createInterface({ input: process.stdin });
  input.on('line', (line) => receive(line, endpoint));
  input.on('close', close);

  say({ type: 'ready', url: endpoint.url, control: endpoint.control });
}

main(process.argv[2]).catch((error: unknown) => {
  process.stderr.write(`cloud: ${error instanceof Error ? (error.stack ?? error.message) : String(error)}\n`);
  process.exit(1);
});
