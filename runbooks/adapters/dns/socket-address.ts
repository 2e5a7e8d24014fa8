/** Where a name server listens. */
export interface SocketAddress {
  readonly host: string;
  readonly port: number;
}

const dnsPort = 53;

/** Reads `host`, `host:port`, `[v6]:port` or a bare IPv6 address, as manifests and `dns.getServers()` write them. */
export function socketAddress(text: string): SocketAddress {
  const [, bracketed, port] = /^\[(.+)\](?::(\d+))?$/.exec(text) ?? [];
  if (bracketed !== undefined) return { host: bracketed, port: port === undefined ? dnsPort : Number(port) };
  const parts = text.split(':');
  if (parts.length === 2) return { host: parts[0] ?? '', port: Number(parts[1]) };
  return { host: text, port: dnsPort };
}
