/** An error whose code has no shape in the SDK's model, such as `Throttling` or `ValidationError`. */
export class AwsError extends Error {
  readonly code: string;
  readonly status: number;

  constructor(code: string, message: string, status = 400) {
    super(message);
    this.name = code;
    this.code = code;
    this.status = status;
  }
}

/** The operation exists in the service's model, but the rehearsal does not give it behaviour. */
export function notImplemented(service: string, operation: string): AwsError {
  return new AwsError(
    'NotImplemented',
    `The rehearsal's endpoint has no behaviour for ${service} ${operation}; SPEC.md lists what it has.`,
    501,
  );
}
