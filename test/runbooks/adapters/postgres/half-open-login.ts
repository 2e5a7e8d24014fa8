import { connect as connectTcp, type Socket } from 'node:net';
import { connect as connectTls } from 'node:tls';
import type { Engine } from '../../../../rehearsal/engines/postgres';

const sslRequest = Buffer.from([0, 0, 0, 8, 4, 210, 22, 47]);

function startupMessage(user: string, database: string): Buffer {
  const body = Buffer.concat([
    Buffer.from([0, 3, 0, 0]),
    Buffer.from(`user\0${user}\0database\0${database}\0\0`, 'utf8'),
  ]);
  const length = Buffer.alloc(4);
  length.writeInt32BE(body.length + 4);
  return Buffer.concat([length, body]);
}

/** A client that asks to log in and never answers the password challenge: the backend waits inside its login. */
export async function halfOpenLogin(engine: Engine, user: string, database: string): Promise<Socket> {
  const tcp = connectTcp(engine.port, engine.host);
  await new Promise((resolve) => tcp.once('connect', resolve));
  tcp.write(sslRequest);
  await new Promise((resolve) => tcp.once('data', resolve));
  const tls = connectTls({ socket: tcp, rejectUnauthorized: false });
  await new Promise((resolve) => tls.once('secureConnect', resolve));
  tls.on('error', () => undefined);
  tls.write(startupMessage(user, database));
  await new Promise((resolve) => tls.once('data', resolve));
  return tls;
}
