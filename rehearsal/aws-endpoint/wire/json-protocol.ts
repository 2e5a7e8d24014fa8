import { NormalizedSchema } from '@smithy/core/schema';
import { cborCodec, jsonCodec } from './codecs';
import type { WireRequest, WireResponse } from './http-message';
import type { Protocol, WireError } from './protocol';
import type { OperationModel, ServiceModel } from './service-model';

interface Codec {
  createSerializer(): { write(schema: NormalizedSchema, value: unknown): void; flush(): Uint8Array | string };
  createDeserializer(): { read(schema: NormalizedSchema, data: never): unknown };
}

async function decode(codec: Codec, schema: NormalizedSchema, body: Uint8Array): Promise<Record<string, unknown>> {
  if (schema.isUnitSchema() || body.length === 0) return {};
  return (await codec.createDeserializer().read(schema, body as never)) as Record<string, unknown>;
}

function encode(codec: Codec, schema: NormalizedSchema, value: unknown): Uint8Array | string {
  if (schema.isUnitSchema()) return '{}';
  const serializer = codec.createSerializer();
  serializer.write(schema, value);
  const bytes = serializer.flush();
  // The SDK's JSON bytes pose as a string and warn when treated as one; a plain view of them does not.
  return typeof bytes === 'string' ? bytes : new Uint8Array(bytes.buffer, bytes.byteOffset, bytes.byteLength);
}

/** Clients of services that once spoke Query learn the old code from this header. */
function queryErrorHeader(model: ServiceModel, error: WireError, request: WireRequest): Record<string, string> {
  if (!model.queryCompatible || request.headers['x-amzn-query-mode'] === undefined) return {};
  return { 'x-amzn-query-error': `${error.code};${error.status < 500 ? 'Sender' : 'Receiver'}` };
}

/** The members of a modeled error; which of `message` and `Message` carries the text is the shape's decision. */
function errorBody(error: WireError): Record<string, unknown> {
  const body: Record<string, unknown> = {};
  let textMember = 'message';
  if (error.schema !== undefined) {
    for (const [name] of NormalizedSchema.of(error.schema as never).structIterator()) {
      if (name === 'message' || name === 'Message') textMember = name;
      else if (error.thrown[name] !== undefined) body[name] = error.thrown[name];
    }
  }
  body[textMember] = error.message;
  return body;
}

function errorType(error: WireError): string {
  return error.schema === undefined ? error.code : (NormalizedSchema.of(error.schema as never).getName() ?? error.code);
}

function jsonVersion(request: WireRequest): string {
  return request.headers['content-type'] ?? 'application/x-amz-json-1.1';
}

/** AWS JSON 1.0 and 1.1: the operation stands in `X-Amz-Target`. */
export const jsonProtocol: Protocol = {
  match(model: ServiceModel, request: WireRequest): OperationModel | undefined {
    const [service, operation] = (request.headers['x-amz-target'] ?? '').split('.');
    return service === model.serviceTarget ? model.operations.get(operation ?? '') : undefined;
  },
  read: (_model, operation, request) => decode(jsonCodec, operation.input, request.body),
  write: (_model, operation, output): WireResponse => ({
    status: 200,
    headers: { 'content-type': 'application/x-amz-json-1.1' },
    body: encode(jsonCodec, operation.output, output),
  }),
  writeError(model, error, request): WireResponse {
    const type = errorType(error);
    let body: Record<string, unknown> = errorBody(error);
    if (error.schema !== undefined) {
      const encoded = encode(jsonCodec, NormalizedSchema.of(error.schema as never), body);
      body = JSON.parse(Buffer.from(encoded).toString('utf8')) as Record<string, unknown>;
      // Some shapes have no member for the text, yet the services send it.
      if (body['message'] === undefined && body['Message'] === undefined) body['message'] = error.message;
    }
    return {
      status: error.status,
      headers: {
        'content-type': jsonVersion(request),
        'x-amzn-errortype': type,
        ...queryErrorHeader(model, error, request),
      },
      body: JSON.stringify({ __type: type, ...body }),
    };
  },
};

/** Smithy RPC v2 with CBOR, which newer clients of CloudWatch prefer. */
export const cborProtocol: Protocol = {
  match(model: ServiceModel, request: WireRequest): OperationModel | undefined {
    const [, service, operation] = /^\/service\/([^/]+)\/operation\/([^/]+)$/.exec(request.path) ?? [];
    if (request.headers['smithy-protocol'] !== 'rpc-v2-cbor' || service !== model.serviceTarget) return undefined;
    return model.operations.get(operation ?? '');
  },
  read: (_model, operation, request) => decode(cborCodec, operation.input, request.body),
  write: (_model, operation, output): WireResponse => ({
    status: 200,
    headers: { 'content-type': 'application/cbor', 'smithy-protocol': 'rpc-v2-cbor' },
    body: operation.output.isUnitSchema() ? '' : encode(cborCodec, operation.output, output),
  }),
  writeError(model, error, request): WireResponse {
    const body = { __type: errorType(error), ...errorBody(error) };
    return {
      status: error.status,
      headers: {
        'content-type': 'application/cbor',
        'smithy-protocol': 'rpc-v2-cbor',
        ...queryErrorHeader(model, error, request),
      },
      body: encode(cborCodec, NormalizedSchema.of(15), body),
    };
  },
};
