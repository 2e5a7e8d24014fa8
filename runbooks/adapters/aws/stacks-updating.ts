import { UsageError } from '../../ports/failures';
import type { AwsClients } from './clients';
import { during } from './during';

/** Those of the stacks that CloudFormation is changing now. @throws UsageError for a stack that does not exist */
export async function stacksUpdating(
  clients: AwsClients,
  stackNames: readonly string[],
  signal: AbortSignal,
): Promise<string[]> {
  const { sdk, client } = await clients.cloudFormation();
  const busy = stackNames.map(async (name) => {
    try {
      const { Stacks } = await during(signal, (options) =>
        client.send(new sdk.DescribeStacksCommand({ StackName: name }), options),
      );
      const status = Stacks?.[0]?.StackStatus ?? '';
      // A change set that waits for its review changes nothing.
      return status.endsWith('_IN_PROGRESS') && status !== 'REVIEW_IN_PROGRESS' ? [name] : [];
    } catch (error) {
      if (!(error instanceof Error && error.name === 'ValidationError')) throw error;
      throw new UsageError('stack-missing', `stack ${name} of the manifest does not exist`, {
        next: 'cdk deploy',
        cause: error,
      });
    }
  });
  return (await Promise.all(busy)).flat();
}
