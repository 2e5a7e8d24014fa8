/* eslint-disable @typescript-eslint/no-require-imports -- `import()` of these packages takes twice the time of `require`: Node
   first searches their whole text for names that could be imported. */
import type { InitializeMiddleware } from '@smithy/types';
import { failedAt } from '../../ports/failures';
import { explained } from './call-failures';

const millisecondsToConnect = 3_000;
const millisecondsToAnswer = 15_000;
/** Standard retries with exponential delays of up to 20 s: enough to get through Route 53's five requests a second. */
const maxAttempts = 7;

const reading = /^(Get|List|Describe|Head)/;

/** What all clients have in common; their middleware stacks differ in the types of what passes through. */
interface Client {
  destroy(): void;
  readonly middlewareStack: { add(middleware: never, options: never): void };
}

const once = <T>(make: () => T): (() => Promise<T>) => {
  let made: T | undefined;
  return async () => (made ??= make());
};

/**
 * The SDK's clients, each loaded when it is first asked for: a verb must not load what it does not use. Endpoints,
 * credentials and region come from where the SDK always takes them (`AWS_ENDPOINT_URL`, profiles, …).
 *
 * @param options.mode in `plan` every operation that is not a Get, List, Describe or Head is refused before it is sent
 */
export function awsClients(options: { mode: 'plan' | 'execute' }) {
  // Printed by the SDK on Node versions that it will leave; it would stand between the lines of a runbook.
  process.env['AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED'] = 'true';
  const opened: Client[] = [];
  let account: string | undefined;

  const middleware: InitializeMiddleware<object, object> = (next, context) => async (args) => {
    const operation = (context.commandName ?? '').replace(/Command$/, '');
    const service = (context.clientName ?? '').replace(/Client$/, '');
    if (options.mode === 'plan' && !reading.test(operation))
      throw new Error(`${service} ${operation} would change something; a plan only reads`);
    try {
      return await next(args);
    } catch (error) {
      throw failedAt(service, explained(error, { service, operation, account }));
    }
  };

  const service = <M, C extends Client>(load: () => M, make: (sdk: M, settings: object) => C) =>
    once(() => {
      const sdk = load();
      const client = make(sdk, {
        maxAttempts,
        requestHandler: {
          connectionTimeout: millisecondsToConnect,
          requestTimeout: millisecondsToAnswer,
          throwOnRequestTimeout: true,
        },
      });
      client.middlewareStack.add(middleware as never, { step: 'initialize', name: 'cutover' } as never);
      opened.push(client);
      return { sdk, client };
    });

  return {
    cloudFormation: service(
      () => require('@aws-sdk/client-cloudformation') as typeof import('@aws-sdk/client-cloudformation'),
      (sdk, settings) => new sdk.CloudFormationClient(settings),
    ),
    cloudWatch: service(
      () => require('@aws-sdk/client-cloudwatch') as typeof import('@aws-sdk/client-cloudwatch'),
      (sdk, settings) => new sdk.CloudWatchClient(settings),
    ),
    dms: service(
      () =>
        require('@aws-sdk/client-database-migration-service') as typeof import('@aws-sdk/client-database-migration-service'),
      (sdk, settings) => new sdk.DatabaseMigrationServiceClient(settings),
    ),
    rds: service(
      () => require('@aws-sdk/client-rds') as typeof import('@aws-sdk/client-rds'),
      (sdk, settings) => new sdk.RDSClient(settings),
    ),
    route53: service(
      () => require('@aws-sdk/client-route-53') as typeof import('@aws-sdk/client-route-53'),
      (sdk, settings) => new sdk.Route53Client(settings),
    ),
    s3: service(
      () => require('@aws-sdk/client-s3') as typeof import('@aws-sdk/client-s3'),
      (sdk, settings) => new sdk.S3Client(settings),
    ),
    secretsManager: service(
      () => require('@aws-sdk/client-secrets-manager') as typeof import('@aws-sdk/client-secrets-manager'),
      (sdk, settings) => new sdk.SecretsManagerClient(settings),
    ),
    sns: service(
      () => require('@aws-sdk/client-sns') as typeof import('@aws-sdk/client-sns'),
      (sdk, settings) => new sdk.SNSClient(settings),
    ),
    ssm: service(
      () => require('@aws-sdk/client-ssm') as typeof import('@aws-sdk/client-ssm'),
      (sdk, settings) => new sdk.SSMClient(settings),
    ),
    sts: service(
      () => require('@aws-sdk/client-sts') as typeof import('@aws-sdk/client-sts'),
      (sdk, settings) => new sdk.STSClient(settings),
    ),
    /** From here on refusals name the account. */
    knowAccount: (found: string) => void (account = found),
    close: () => opened.forEach((client) => client.destroy()),
  };
}

export type AwsClients = ReturnType<typeof awsClients>;
