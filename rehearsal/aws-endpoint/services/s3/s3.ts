import * as sdk from '@aws-sdk/client-s3';
import type { EndpointSeed } from '../../seed';
import { defineService } from '../../wire/service';
import type { Service } from '../../wire/service';
import { readServiceModel } from '../../wire/service-model';
import { bucketHandlers } from './bucket-handlers';
import { objectHandlers } from './object-handlers';
import { BucketStore } from './object-store';

/** S3 with path-style addresses and conditional writes, on the seed's buckets. */
export function s3Service(seed: EndpointSeed): Service {
  const store = new BucketStore(seed.buckets);
  const model = readServiceModel(sdk, sdk.S3Client);
  return defineService<typeof sdk>(model, { ...objectHandlers(store), ...bucketHandlers(store, seed.region) });
}
