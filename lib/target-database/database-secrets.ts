import { RemovalPolicy } from 'aws-cdk-lib';
import type * as kms from 'aws-cdk-lib/aws-kms';
import * as secretsmanager from 'aws-cdk-lib/aws-secretsmanager';
import type { Construct } from 'constructs';
import { acknowledge } from '../acknowledge';

/** Characters that DMS (`+ % ; @`) or a connection text would read in their own way. */
export const passwordExclusions = ' %+~`#$&*()|[]{}:;<>?!\'/@"\\=,^-';

interface Props {
  readonly secretName: string;
  readonly username: string;
  readonly host: string;
  readonly port: number;
  readonly database: string;
  readonly key: kms.IKey;
  readonly purpose: string;
}

/** A generated login with host and port, as DMS asks for (AWS DMS User Guide, "Using secrets"). */
export function databaseSecret(scope: Construct, id: string, props: Props): secretsmanager.Secret {
  const { username, host, port, database } = props;
  const secret = new secretsmanager.Secret(scope, id, {
    secretName: props.secretName,
    description: props.purpose,
    encryptionKey: props.key,
    removalPolicy: RemovalPolicy.RETAIN,
    generateSecretString: {
      secretStringTemplate: JSON.stringify({ username, host, port, dbname: database }),
      generateStringKey: 'password',
      passwordLength: 40,
      excludeCharacters: passwordExclusions,
    },
  });
  acknowledge(secret, { SMG4: 'a rotation under way would break replication and the way back; rotate after finalize' });
  return secret;
}
