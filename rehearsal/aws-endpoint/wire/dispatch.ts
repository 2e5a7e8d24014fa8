import { randomUUID } from 'node:crypto';
import { AwsError, notImplemented } from './aws-error';
import { credentialScope } from './credentials';
import type { WireRequest, WireResponse } from './http-message';
import type { Protocol, WireError } from './protocol';
import type { Service } from './service';
import type { OperationModel, ServiceModel } from './service-model';

/** A call after it was answered: what the request log and the faults look at. */
export interface Call {
  readonly service: string;
  readonly operation: string;
  readonly input: Readonly<Record<string, unknown>>;
  readonly accessKeyId: string;
  readonly userAgent: string;
  readonly requestId: string;
}

/** Hooks around an operation's behaviour. */
export interface Interceptor {
  /** May throw, in which case the operation has no effect. */
  before(call: Call): void | Promise<void>;
  /** Sees every answer; may replace it, or ask for the connection to be cut by answering `reset`. */
  after(call: Call, response: WireResponse, error: WireError | undefined): WireResponse | 'reset';
}

interface Found {
  readonly service: Service;
  readonly protocol: Protocol;
  readonly operation: OperationModel;
}

function find(services: readonly Service[], request: WireRequest, scope: string | undefined): Found | undefined {
  const signedFor = services.filter((service) => service.model.signingName === scope);
  for (const service of signedFor.length > 0 ? signedFor : services) {
    for (const protocol of service.protocols) {
      const operation = protocol.match(service.model, request);
      if (operation !== undefined) return { service, protocol, operation };
    }
  }
  return undefined;
}

interface ErrorTraits {
  awsQueryError?: [code: string, status: number];
  httpError?: number;
  error?: 'client' | 'server';
}

function shapeOf(model: ServiceModel, name: string): { schema: unknown; code?: string; status?: number } {
  try {
    const schema = model.errors.getSchema(`${model.namespace}#${name}`);
    const traits = (schema as unknown[])[3];
    const { awsQueryError, httpError, error } = Object(traits) as ErrorTraits;
    const status = awsQueryError?.[1] ?? httpError ?? (error === 'server' ? 500 : 400);
    return { schema, code: awsQueryError?.[0], status };
  } catch {
    return { schema: undefined };
  }
}

function toWireError(model: ServiceModel, thrown: unknown, requestId: string): WireError {
  const error = thrown instanceof Error ? thrown : new Error(String(thrown));
  const fields = error as unknown as Record<string, unknown>;
  const { schema, code, status } = shapeOf(model, error.name);
  if (schema !== undefined) {
    const ownStatus = error instanceof AwsError ? error.status : (status ?? 400);
    return { code: code ?? error.name, status: ownStatus, message: error.message, thrown: fields, schema, requestId };
  }
  if (error instanceof AwsError) {
    return { code: error.code, status: error.status, message: error.message, thrown: {}, schema, requestId };
  }
  const message = `${error.name}: ${error.message}`;
  return { code: 'InternalFailure', status: 500, message, thrown: {}, schema, requestId };
}

function unknownRoute(request: WireRequest, requestId: string): WireResponse {
  const target = request.headers['x-amz-target'] ?? `${request.method} ${request.path}`;
  const message = `No operation of the rehearsal's services answers to ${target}.`;
  return {
    status: 404,
    headers: { 'content-type': 'application/json', 'x-amzn-requestid': requestId },
    body: JSON.stringify({ __type: 'UnknownOperationException', message }),
  };
}

async function perform(
  found: Found,
  request: WireRequest,
  identity: Pick<Call, 'accessKeyId' | 'userAgent' | 'requestId'>,
  interceptor: Interceptor,
) {
  const { service, protocol, operation } = found;
  const { model } = service;
  const named = { ...identity, service: model.signingName, operation: operation.name };
  let call: Call = { ...named, input: {} };
  let error: WireError | undefined;
  let response: WireResponse;
  try {
    try {
      call = { ...named, input: await protocol.read(model, operation, request) };
    } catch (failure) {
      throw new AwsError('SerializationException', failure instanceof Error ? failure.message : String(failure));
    }
    await interceptor.before(call);
    const handler = service.handlers[operation.name];
    if (handler === undefined) throw notImplemented(model.signingName, operation.name);
    response = protocol.write(model, operation, await handler(call.input, identity), identity.requestId);
  } catch (thrown) {
    error = toWireError(model, thrown, identity.requestId);
    response = protocol.writeError(model, error, request);
  }
  response.headers['x-amzn-requestid'] = identity.requestId;
  return interceptor.after(call, response, error);
}

/** Answers any request; it never throws. Requests that no operation matches get a 404. */
export async function dispatch(
  services: readonly Service[],
  request: WireRequest,
  interceptor: Interceptor,
): Promise<WireResponse | 'reset'> {
  const requestId = randomUUID();
  const scope = credentialScope(request.headers['authorization']);
  const userAgent = request.headers['user-agent'] ?? '';
  const found = find(services, request, scope.service);
  if (found === undefined) return unknownRoute(request, requestId);
  return perform(found, request, { accessKeyId: scope.accessKeyId, userAgent, requestId }, interceptor);
}
