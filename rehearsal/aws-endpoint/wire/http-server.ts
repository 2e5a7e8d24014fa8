import { createServer } from 'node:http';
import type { IncomingMessage, Server, ServerResponse } from 'node:http';
import { gunzipSync } from 'node:zlib';
import type { WireRequest, WireResponse } from './http-message';

type Answer = (request: WireRequest) => Promise<WireResponse | 'reset'>;

async function readRequest(message: IncomingMessage): Promise<WireRequest> {
  const chunks: Buffer[] = [];
  for await (const chunk of message) chunks.push(chunk as Buffer);
  const headers: Record<string, string> = {};
  for (const [name, value] of Object.entries(message.headers))
    headers[name] = Array.isArray(value) ? value.join(', ') : (value ?? '');
  const raw = Buffer.concat(chunks);
  const body = headers['content-encoding'] === 'gzip' ? gunzipSync(raw) : raw;
  const [path = '/', search = ''] = splitOnce(message.url ?? '/', '?');
  return { method: message.method ?? 'GET', path, query: new URLSearchParams(search), headers, body };
}

function splitOnce(value: string, separator: string): string[] {
  const at = value.indexOf(separator);
  return at < 0 ? [value] : [value.slice(0, at), value.slice(at + 1)];
}

function send(message: IncomingMessage, response: ServerResponse, answer: WireResponse | 'reset'): void {
  if (answer === 'reset') {
    message.socket.resetAndDestroy();
    return;
  }
  const body = typeof answer.body === 'string' ? Buffer.from(answer.body) : answer.body;
  // An answer to HEAD announces the length of the body that it does not carry.
  const length = message.method === 'HEAD' ? {} : { 'content-length': String(body.length) };
  response.writeHead(answer.status, { ...answer.headers, ...length });
  response.end(message.method === 'HEAD' ? undefined : body);
}

/** An HTTP server that hands complete requests to `answer`. A request that cannot be read gets a 400. */
export function createHttpServer(answer: Answer): Server {
  const handle = async (message: IncomingMessage, response: ServerResponse): Promise<void> => {
    const request = await readRequest(message);
    send(message, response, await answer(request));
  };
  const server = createServer((message, response) => {
    handle(message, response).catch((error: unknown) => {
      if (response.headersSent || message.socket.destroyed) return;
      const text = error instanceof Error ? error.message : String(error);
      response.writeHead(400, { 'content-type': 'application/json' });
      response.end(JSON.stringify({ __type: 'MalformedRequest', message: text }));
    });
  });
  server.keepAliveTimeout = 60_000;
  return server;
}
