import { connect as connectTcp, isIP, type Socket } from 'node:net';
import { connect as connectTls, type TLSSocket } from 'node:tls';

const patienceMilliseconds = 5_000;
/** CLIENT_SSL, in the handshake of MySQL's protocol. */
const clientSsl = 0x0800;

/** It can be reached, and speaks no TLS. */
export class NoTls extends Error {}

/**
 * Reaches a database server and begins TLS as its protocol wants it, before any login. Who answers is not verified yet: see
 * {@link TLSSocket.authorized}. @throws NoTls, or an Error that says what came in place of an answer
 */
export async function startTls(
  family: 'mysql' | 'postgres',
  { host, port }: { readonly host: string; readonly port: number },
  { serverName, authorities }: { readonly serverName: string; readonly authorities: readonly string[] },
): Promise<TLSSocket> {
  const socket = connectTcp({ host, port });
  socket.setTimeout(patienceMilliseconds, () =>
    socket.destroy(new Error(`no answer within ${patienceMilliseconds / 1000} s`)),
  );
  try {
    await (family === 'mysql' ? askMysql(socket) : askPostgres(socket));
    return await new Promise<TLSSocket>((resolve, reject) => {
      const secure = connectTls(
        {
          ...{ socket, ca: [...authorities], rejectUnauthorized: false, minVersion: 'TLSv1.2' },
          // Whoever asked verifies the name, and can say which the certificate carries.
          checkServerIdentity: () => undefined,
          ...(isIP(serverName) === 0 ? { servername: serverName } : {}),
        },
        () => resolve(secure),
      );
      secure.on('error', reject);
      socket.on('error', reject);
    });
  } catch (error) {
    socket.destroy();
    throw error;
  }
}

/** The bytes of the server's next word. */
function heard(socket: Socket): Promise<Buffer> {
  return new Promise((resolve, reject) => {
    socket.once('data', (bytes) => {
      socket.pause();
      resolve(bytes);
    });
    socket.once('error', reject);
    socket.once('end', () => reject(new Error('the connection was closed without a word')));
  });
}

/** "SSLRequest" of the PostgreSQL protocol: length 8, code 80877103; the answer is one letter. */
async function askPostgres(socket: Socket): Promise<void> {
  socket.write(Buffer.from([0, 0, 0, 8, 0x04, 0xd2, 0x16, 0x2f]));
  const [answer] = await heard(socket);
  if (answer === 'N'.charCodeAt(0)) throw new NoTls('it speaks no TLS');
  if (answer !== 'S'.charCodeAt(0)) throw new Error('what answers there is no PostgreSQL server');
}

/** The server greets first (protocol 10); "SSLRequest" is the beginning of the client's answer to it. */
async function askMysql(socket: Socket): Promise<void> {
  const greeting = await heard(socket);
  const body = greeting.subarray(4);
  if (body[0] === 0xff)
    throw new Error(
      body
        .subarray(3)
        .toString('latin1')
        .replace(/^#.{5}/, ''),
    );
  const versionEnds = body.indexOf(0, 1);
  if (body[0] !== 10 || versionEnds < 0) throw new Error('what answers there is no MySQL or MariaDB server');
  // After the version: connection 4 bytes, salt 8 and a zero, then the lower half of what it can do.
  const abilities = body.readUInt16LE(versionEnds + 1 + 4 + 8 + 1);
  if ((abilities & clientSsl) === 0) throw new NoTls('it speaks no TLS');
  const request = Buffer.alloc(36);
  request.writeUIntLE(32, 0, 3);
  request[3] = 1;
  // Protocol 4.1, TLS, secure authentication; packets of 16 MB; utf8mb4.
  request.writeUInt32LE(0x0200 | clientSsl | 0x8000, 4);
  request.writeUInt32LE(0x1000000, 8);
  request[12] = 45;
  socket.write(request);
}
