import { NormalizedSchema, TypeRegistry } from '@smithy/core/schema';
import type { StaticOperationSchema, StaticStructureSchema } from '@smithy/types';

/** An operation as its SDK client describes it: name, HTTP binding, input and output shape. */
export interface OperationModel {
  readonly name: string;
  /** Method, URI template and success status; only REST protocols use them. */
  readonly http: readonly [method: string, uri: string, status: number] | undefined;
  readonly input: NormalizedSchema;
  readonly output: NormalizedSchema;
}

/** Everything the wire needs to know of a service, read from its SDK client and from nowhere else. */
export interface ServiceModel {
  /** The name in a request's credential scope, e.g. `route53`, `dms`, `monitoring`. */
  readonly signingName: string;
  readonly protocol: string;
  readonly namespace: string;
  readonly version: string;
  readonly xmlNamespace: string;
  /** What stands before the dot of `X-Amz-Target`. */
  readonly serviceTarget: string;
  readonly queryCompatible: boolean;
  readonly operations: ReadonlyMap<string, OperationModel>;
  readonly errors: TypeRegistry;
}

type ClientModule = Record<string, unknown>;

interface ClientConfiguration {
  protocol: { getShapeId(): string };
  protocolSettings: Record<string, unknown>;
  defaultSigningName: string;
}

const text = (value: unknown): string => (typeof value === 'string' ? value : '');

function isOperation(value: unknown): value is StaticOperationSchema {
  return Array.isArray(value) && value[0] === 9;
}

function isStructure(value: unknown): value is StaticStructureSchema {
  return value instanceof NormalizedSchema && value.isStructSchema();
}

/** Reads the model of a service from its SDK client module (`import * as route53 from '@aws-sdk/client-route-53'`). */
export function readServiceModel(module: ClientModule, Client: new (configuration: never) => unknown): ServiceModel {
  const configuration = { region: 'us-east-1', credentials: { accessKeyId: 'model', secretAccessKey: 'model' } };
  const { config } = new Client(configuration as never) as { config: ClientConfiguration };
  const settings = config.protocolSettings;
  const namespace = text(settings['defaultNamespace']);

  const errors = new TypeRegistry(namespace);
  for (const registry of settings['errorTypeRegistries'] as TypeRegistry[]) errors.copyFrom(registry);

  const operations = new Map<string, OperationModel>();
  for (const exported of Object.values(module)) {
    if (!isOperation(exported)) continue;
    const [, , name, traits, input, output] = exported;
    const http = (traits as { http?: [string, string, number] }).http;
    operations.set(name, { name, http, input: NormalizedSchema.of(input), output: NormalizedSchema.of(output) });
  }
  return {
    signingName: config.defaultSigningName,
    protocol: config.protocol.getShapeId(),
    namespace,
    version: text(settings['version']),
    xmlNamespace: text(settings['xmlNamespace']),
    serviceTarget: text(settings['serviceTarget']),
    queryCompatible: settings['awsQueryCompatible'] === true,
    operations,
    errors,
  };
}

/** The members of a structure; none for the unit shape of operations without input or output. */
export function membersOf(schema: NormalizedSchema): [string, NormalizedSchema][] {
  return isStructure(schema) ? [...(schema as unknown as NormalizedSchema).structIterator()] : [];
}
