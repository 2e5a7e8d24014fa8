import { UsageError } from '../../ports/failures';

/** Which call failed, and for whom. */
export interface CallContext {
  /** As the SDK names the client, e.g. `Route53`. */
  readonly service: string;
  readonly operation: string;
  /** Once STS has told it. */
  readonly account: string | undefined;
}

const missing = new Set(['CredentialsProviderError', 'TokenProviderError']);
const expired = new Set(['ExpiredToken', 'ExpiredTokenException', 'RequestExpired', 'TokenRefreshRequired']);
const wrong = new Set([
  'UnrecognizedClientException',
  'InvalidClientTokenId',
  'InvalidAccessKeyId',
  'SignatureDoesNotMatch',
  'InvalidSignatureException',
  'AuthFailure',
  'MissingAuthenticationToken',
  'MissingAuthenticationTokenException',
]);
const denied = new Set([
  'AccessDenied',
  'AccessDeniedException',
  'AccessDeniedFault',
  'UnauthorizedOperation',
  'AuthorizationError',
  'AuthorizationErrorException',
  'Forbidden',
]);

const signIn = (): string => {
  const profile = process.env['AWS_PROFILE'];
  return profile ? `aws sso login --profile ${profile}` : 'aws sso login, with AWS_PROFILE set to your profile';
};

/**
 * What the operator is told when AWS does not let the call pass: a {@link UsageError} with the next command where the
 * credentials or the region are at fault. Every other error stays the SDK's own, so that its `name` can be matched; only
 * its message learns which call it was.
 */
export function explained(error: unknown, { service, operation, account }: CallContext): unknown {
  if (!(error instanceof Error) || error instanceof UsageError || error.name === 'AbortError') return error;
  const call = `${service} ${operation}`;
  const whose = account === undefined ? '' : ` (account ${account})`;
  const usage = (code: string, text: string, next: string) =>
    new UsageError(code, `${call}${whose}: ${text}`, { next, cause: error });

  if (missing.has(error.name))
    return /expired/i.test(error.message)
      ? usage('credentials-expired', 'the AWS sign-in has expired', signIn())
      : usage('credentials-missing', 'no AWS credentials were found', signIn());
  if (expired.has(error.name)) return usage('credentials-expired', 'the AWS credentials have expired', signIn());
  if (wrong.has(error.name)) return usage('credentials-wrong', `AWS refuses the credentials: ${error.name}`, signIn());
  if (denied.has(error.name))
    return usage(
      'access-denied',
      `access denied: ${error.message}`,
      'take on the runbook role of the migration (output of its runbook-access stack), then run the command again',
    );
  if (error.message === 'Region is missing')
    return usage('region-missing', 'no AWS region is set', 'export AWS_REGION=REGION, the region of the environment');
  error.message = `${call}: ${error.message} (${error.name})`;
  return error;
}
