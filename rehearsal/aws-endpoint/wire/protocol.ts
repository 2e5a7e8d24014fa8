import type { WireRequest, WireResponse } from './http-message';
import type { OperationModel, ServiceModel } from './service-model';

/** A failure in the terms of the wire. */
export interface WireError {
  readonly code: string;
  readonly status: number;
  readonly message: string;
  /** The error as thrown, for its modeled members, and its shape if the service models it. */
  readonly thrown: Readonly<Record<string, unknown>>;
  readonly schema: unknown;
  readonly requestId: string;
}

/** One wire format. It knows shapes and envelopes and no operation. */
export interface Protocol {
  /** Which operation of the service the request names, if it speaks this protocol. */
  match(model: ServiceModel, request: WireRequest): OperationModel | undefined;
  read(model: ServiceModel, operation: OperationModel, request: WireRequest): Promise<Record<string, unknown>>;
  write(model: ServiceModel, operation: OperationModel, output: object, requestId: string): WireResponse;
  writeError(model: ServiceModel, error: WireError, request: WireRequest): WireResponse;
}
