import type { Side } from '../shapes/shape';

/** A running database that somebody named and that cannot be used, and why. Never holds a password. */
export class UnusableStaging extends Error {}

/** A running database as it was typed. */
export interface StagingUrl {
  readonly family: 'mysql' | 'postgres';
  /** A name or an address. */
  readonly host: string;
  readonly port: number;
  readonly database: string;
  readonly administrator: { readonly username: string; readonly password: string };
}

const families: Readonly<Record<string, StagingUrl['family']>> = {
  'mysql:': 'mysql',
  'mariadb:': 'mysql',
  'postgresql:': 'postgres',
  'postgres:': 'postgres',
};
const usualPorts = { mysql: 3306, postgres: 5432 };
const wanted = {
  source: { family: 'mysql', form: 'mysql://ADMIN:PASSWORD@HOST:PORT/DATABASE (or mariadb://…)' },
  target: { family: 'postgres', form: 'postgresql://ADMIN:PASSWORD@HOST:PORT/DATABASE' },
} as const;
export const passwordVariable = { source: 'CUTOVER_SOURCE_PASSWORD', target: 'CUTOVER_TARGET_PASSWORD' } as const;

/** Passwords inside URLs, wherever those stand in a text. */
export const withoutPasswords = (text: string): string =>
  text.replace(/([a-z][a-z0-9+.-]*:\/\/[^\s:@/]*):\S*@/gi, '$1:…@');

/** For people: without the password. */
export const shownUrl = ({ family, host, port, database, administrator }: StagingUrl): string =>
  `${family === 'mysql' ? 'mysql' : 'postgresql'}://${administrator.username}@${host}:${port}/${database}`;

/**
 * Reads `--source` or `--target`. The password may stand in the environment instead, so that no history of a shell keeps it.
 * @throws UnusableStaging that says what is allowed
 */
export function readStagingUrl(side: Side, text: string, environment: NodeJS.ProcessEnv): StagingUrl {
  const { family: expected, form } = wanted[side];
  const refuse = (what: string): never => {
    throw new UnusableStaging(`--${side} ${what}; wanted is ${form}`);
  };
  const url = parsed(text);
  // What cannot be read is not repeated: nobody knows where in it the password stands.
  if (url === undefined)
    return refuse(
      'is no URL (inside a user name or password, characters such as / @ : # % are written as %2F %40 %3A …)',
    );
  const family = families[url.protocol];
  const at = `${url.protocol}//${url.host}`;
  if (family === undefined || family !== expected) return refuse(`${at} has the scheme ${url.protocol.slice(0, -1)}`);
  const [username, database] = [decoded(url.username), decoded(url.pathname.replace(/^\//, ''))];
  const password = decoded(url.password) || (environment[passwordVariable[side]] ?? '');
  if (url.hostname === '') return refuse('names no host');
  if (username === '') return refuse(`${at} names no account`);
  if (database === '') return refuse(`${at} names no database`);
  if (database.includes('/')) return refuse(`${at} names more than one database: ${database}`);
  if (url.search !== '' || url.hash !== '')
    return refuse(`${at} has parameters (${url.search}${url.hash}), which are not read`);
  if (password === '') return refuse(`${at} has no password, and the environment no ${passwordVariable[side]} either`);
  return {
    family,
    host: url.hostname.replace(/^\[(.*)\]$/, '$1'),
    port: url.port === '' ? usualPorts[family] : Number(url.port),
    database,
    administrator: { username, password },
  };
}

function parsed(text: string): URL | undefined {
  try {
    const url = new URL(text);
    // A slash inside the password: the rest of it would be taken for the database.
    if (url.pathname.includes('@')) return undefined;
    for (const part of [url.username, url.password, url.pathname]) decodeURIComponent(part);
    return url;
  } catch {
    return undefined;
  }
}

const decoded = (text: string): string => decodeURIComponent(text);
