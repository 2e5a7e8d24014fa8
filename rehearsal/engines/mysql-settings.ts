import type { ServerFolders } from './mysql-data-folder';

interface Place {
  readonly host: string;
  readonly port: number;
  readonly serverId: number;
}

/**
 * The server's arguments. `--no-defaults` comes first: no option file of this computer is read. What begins with `loose-`
 * is passed over by versions that do not know it.
 */
export function mysqlArguments(
  folders: ServerFolders,
  { host, port, serverId }: Place,
  settings: Readonly<Record<string, string>>,
): string[] {
  const all: Record<string, string> = {
    datadir: folders.data,
    tmpdir: folders.temporary,
    'secure-file-priv': folders.temporary,
    // Below the data folder, into which the server changes: the limit of 107 characters holds wherever the folder lies.
    socket: 'server.sock',
    'pid-file': 'server.pid',
    'bind-address': host,
    port: String(port),
    'loose-mysqlx': 'OFF',
    'ssl-ca': folders.authority,
    'ssl-cert': folders.certificate,
    'ssl-key': folders.privateKey,
    'loose-require-secure-transport': 'ON',
    'skip-name-resolve': 'ON',
    'server-id': String(serverId),
    'log-bin': 'bin',
    'binlog-format': 'ROW',
    'binlog-row-image': 'FULL',
    'loose-binlog-row-metadata': 'FULL',
    'loose-binlog-expire-logs-seconds': '86400',
    'character-set-server': 'utf8mb4',
    'default-time-zone': '+00:00',
    'max-connections': '300',
    // A dump's rows come in long statements.
    'max-allowed-packet': '256M',
    'innodb-buffer-pool-size': '256M',
    // The rehearsal's data is worth nothing after it. Durability across a killed server process is unaffected.
    'innodb-flush-log-at-trx-commit': '2',
    'sync-binlog': '0',
    'innodb-doublewrite': 'OFF',
  };
  for (const [name, value] of Object.entries(settings)) all[settingName(name)] = value;
  return ['--no-defaults', ...Object.entries(all).map(([name, value]) => `--${name}=${value}`)];
}

/** `binlog_format` and `binlog-format` are the same setting. */
function settingName(name: string): string {
  if (!/^[a-z][a-z0-9_-]*$/i.test(name)) throw new Error(`not the name of a MySQL setting: ${JSON.stringify(name)}`);
  return name.replaceAll('_', '-');
}
