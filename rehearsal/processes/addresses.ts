import { randomInt } from 'node:crypto';
import { createServer } from 'node:net';
import { createSocket } from 'node:dgram';

export interface Address {
  readonly host: string;
  readonly port: number;
}

/** Where everything of one rehearsal listens. */
export interface RehearsalAddresses {
  /** Source and target share their port: a DNS record carries none. */
  readonly source: Address;
  readonly target: Address;
  /** Application stacks of both sides; on one port for the same reason. */
  readonly sourceStack: Address;
  readonly targetStack: Address;
  readonly endpoint: Address;
  /** Where the replicator connects to the endpoint. */
  readonly control: Address;
  readonly nameServers: readonly Address[];
  readonly resolver: Address;
}

const attempts = 50;
/** Below the kernel's ephemeral ports (ip_local_port_range begins at 32768), so that no client socket is in the way. */
const [firstPort, lastPort] = [20_000, 32_000];

/**
 * Chooses loopback addresses in a block 127.a.b.* of this run's own, so that several rehearsals run side by side, and
 * ports that were free a moment ago. Throws when none are found.
 */
export async function chooseAddresses(): Promise<RehearsalAddresses> {
  let failure: unknown;
  for (let attempt = 0; attempt < attempts; attempt += 1) {
    const chosen = candidate();
    try {
      await probe(chosen);
      return chosen;
    } catch (error) {
      failure = error;
    }
  }
  const reason = failure instanceof Error ? failure.message : String(failure);
  throw new Error(
    `no free loopback addresses in ${attempts} attempts (127.0.0.0/8, ports ${firstPort} to ${lastPort}): ${reason}`,
  );
}

function candidate(): RehearsalAddresses {
  // 127.0.* is left to everybody else's servers.
  const block = `127.${randomInt(1, 255)}.${randomInt(1, 255)}`;
  const port = (): number => randomInt(firstPort, lastPort);
  const [database, application, endpoint, dns] = [port(), port(), port(), port()];
  const at = (last: number, p: number): Address => ({ host: `${block}.${last}`, port: p });
  return {
    source: at(1, database),
    target: at(2, database),
    sourceStack: at(3, application),
    targetStack: at(4, application),
    endpoint: at(10, endpoint),
    control: at(10, endpoint + 1),
    nameServers: [21, 22, 23, 24].map((last) => at(last, dns)),
    resolver: at(30, dns),
  };
}

async function probe(addresses: RehearsalAddresses): Promise<void> {
  const { nameServers, resolver, ...others } = addresses;
  for (const address of [...Object.values(others), ...nameServers, resolver]) await probeTcp(address);
  for (const address of [...nameServers, resolver]) await probeUdp(address);
}

/** Rejects with the system's error (EADDRINUSE, EACCES) when the address cannot be bound. */
export function probeTcp({ host, port }: Address): Promise<void> {
  return new Promise((resolve, reject) => {
    const server = createServer().once('error', reject);
    server.listen({ host, port, exclusive: true }, () => server.close(() => resolve()));
  });
}

function probeUdp({ host, port }: Address): Promise<void> {
  return new Promise((resolve, reject) => {
    const socket = createSocket('udp4').once('error', reject);
    socket.bind({ address: host, port, exclusive: true }, () => socket.close(() => resolve()));
  });
}
