import { cborProtocol, jsonProtocol } from './json-protocol';
import type { Protocol } from './protocol';
import { queryProtocol } from './query-protocol';
import { restXmlProtocol } from './rest-xml-protocol';
import type { ServiceModel } from './service-model';

/** Who calls, and under which request id. The signature itself is not verified: any credentials are accepted. */
interface CallContext {
  readonly requestId: string;
  readonly accessKeyId: string;
  readonly userAgent: string;
}

type OperationName<M> = { [K in keyof M]: K extends `${infer N}Command` ? N : never }[keyof M] & string;

type CommandOf<M, N extends string> = `${N}Command` extends keyof M
  ? M[`${N}Command`] extends abstract new (...parameters: never[]) => infer C
    ? C
    : never
  : never;

type InputOf<C> = C extends { readonly input: infer I } ? I : never;
type OutputOf<C> = C extends {
  resolveMiddleware(...parameters: never[]): (...call: never[]) => Promise<{ output: infer O }>;
}
  ? O
  : never;

/** Behaviour per operation, typed by the SDK client's own commands; an operation left out answers `NotImplemented`. */
export type Handlers<M> = {
  [N in OperationName<M>]?: (
    input: InputOf<CommandOf<M, N>>,
    context: CallContext,
  ) => Result<OutputOf<CommandOf<M, N>>> | Promise<Result<OutputOf<CommandOf<M, N>>>>;
};

type Result<O> = Omit<O, '$metadata'>;

type AnyHandler = (input: Record<string, unknown>, context: CallContext) => object | Promise<object>;

/** A service ready to be served: its model, the formats it speaks, and the behaviour of some of its operations. */
export interface Service {
  readonly model: ServiceModel;
  readonly protocols: readonly Protocol[];
  readonly handlers: Readonly<Record<string, AnyHandler>>;
}

/** The formats in which a service may be asked, told from the one that its SDK client uses. */
function protocolsOf(model: ServiceModel): Protocol[] {
  if (model.protocol === 'aws.protocols#restXml') return [restXmlProtocol(model.signingName === 's3')];
  if (model.protocol === 'aws.protocols#awsQuery') return [queryProtocol];
  return model.queryCompatible ? [jsonProtocol, cborProtocol, queryProtocol] : [jsonProtocol, cborProtocol];
}

/** Joins a model with the behaviour of its operations. `M` is the SDK client's module type. */
export function defineService<M>(model: ServiceModel, handlers: Handlers<M>): Service {
  return { model, protocols: protocolsOf(model), handlers: handlers as unknown as Record<string, AnyHandler> };
}
