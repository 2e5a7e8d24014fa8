import * as sdk from '@aws-sdk/client-secrets-manager';
import { randomUUID } from 'node:crypto';
import type { EndpointSeed } from '../seed';
import { readServiceModel } from '../wire/service-model';
import { defineService } from '../wire/service';
import type { Service } from '../wire/service';

interface Secret {
  readonly arn: string;
  readonly name: string;
  value: string;
  versionId: string;
  /** Of the version. */
  createdAt: Date;
}

/** The secrets, also for the DMS endpoints that log in with them. */
export class SecretStore {
  private readonly secrets: readonly Secret[];

  constructor(seed: EndpointSeed['secrets']) {
    this.secrets = seed.map((secret) => ({ ...secret, versionId: randomUUID(), createdAt: new Date() }));
  }

  /** A new version, as a rotation makes it. @throws Error when there is no such secret */
  rotate(id: string, value?: string): void {
    const secret = this.find(id);
    if (secret === undefined) throw new Error(`no secret ${id} in the seed`);
    Object.assign(secret, { value: value ?? secret.value, versionId: randomUUID(), createdAt: new Date() });
  }

  /** Finds a secret by name, ARN, or ARN without the six random characters at its end. */
  find(id: string | undefined): Secret | undefined {
    return this.secrets.find(({ arn, name }) => id === name || id === arn || id === arn.replace(/-\w{6}$/, ''));
  }
}

/** Secrets Manager, reading only. */
export function secretsManagerService(store: SecretStore): Service {
  const get = (id: string | undefined): Secret => {
    const secret = store.find(id);
    if (secret !== undefined) return secret;
    const message = "Secrets Manager can't find the specified secret.";
    throw new sdk.ResourceNotFoundException({ message, $metadata: {} });
  };
  return defineService<typeof sdk>(readServiceModel(sdk, sdk.SecretsManagerClient), {
    GetSecretValue({ SecretId, VersionId, VersionStage }) {
      const secret = get(SecretId);
      const unknown =
        (VersionId ?? secret.versionId) !== secret.versionId || (VersionStage ?? 'AWSCURRENT') !== 'AWSCURRENT';
      if (unknown) {
        const message = `Secrets Manager can't find the specified secret value for staging label: ${VersionStage ?? VersionId ?? ''}`;
        throw new sdk.ResourceNotFoundException({ message, $metadata: {} });
      }
      return {
        ARN: secret.arn,
        Name: secret.name,
        SecretString: secret.value,
        VersionId: secret.versionId,
        VersionStages: ['AWSCURRENT'],
        CreatedDate: secret.createdAt,
      };
    },
    DescribeSecret({ SecretId }) {
      const { arn, name, versionId, createdAt } = get(SecretId);
      return { ARN: arn, Name: name, CreatedDate: createdAt, VersionIdsToStages: { [versionId]: ['AWSCURRENT'] } };
    },
  });
}
