import * as sdk from '@aws-sdk/client-sts';
import { readServiceModel } from '../wire/service-model';
import { defineService } from '../wire/service';
import type { Service } from '../wire/service';

/** STS: the account is the seed's, and the caller is a user named after its access key. */
export function stsService(accountId: string): Service {
  return defineService<typeof sdk>(readServiceModel(sdk, sdk.STSClient), {
    GetCallerIdentity: (_input, { accessKeyId }) => ({
      Account: accountId,
      UserId: accessKeyId,
      Arn: `arn:aws:iam::${accountId}:user/${accessKeyId}`,
    }),
  });
}
