import { z } from 'zod';
import { UsageError } from '../../ports/failures';
import type { AwsClients } from './clients';
import { during } from './during';

export interface Login {
  readonly username: string;
  readonly password: string;
}

const login = z.object({ username: z.string().min(1), password: z.string().min(1) });

/**
 * A login as Secrets Manager keeps it: JSON with `username` and `password`. The value stands in no error.
 * @throws UsageError when there is no such secret or it has another form
 */
export async function loginSecret(clients: AwsClients, secretId: string, signal: AbortSignal): Promise<Login> {
  const { sdk, client } = await clients.secretsManager();
  const text = await during(signal, (options) =>
    client.send(new sdk.GetSecretValueCommand({ SecretId: secretId }), options),
  ).then(
    ({ SecretString }) => SecretString ?? '',
    (error: unknown) => {
      if (!(error instanceof sdk.ResourceNotFoundException)) throw error;
      throw new UsageError('secret-missing', `secret ${secretId} does not exist`, {
        next: 'create it, or correct the definition and deploy again: cdk deploy',
        cause: error,
      });
    },
  );
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    // The parser's message would quote the secret.
    value = undefined;
  }
  const parsed = login.safeParse(value);
  if (parsed.success) return parsed.data;
  throw new UsageError('secret-malformed', `secret ${secretId} is not JSON with "username" and "password"`, {
    next: `aws secretsmanager put-secret-value --secret-id ${secretId} --secret-string file://FILE`,
  });
}
