import { defineEnvironment } from '../definition/define-environment';
import { billing } from './billing';
import { orders } from './orders';

const small = {
  target: {
    instanceClass: 't4g.medium',
    storageGiB: 50,
    multiAz: false,
    backupRetentionDays: 7,
    deletionProtection: false,
  },
};
const quick = {
  replication: { instanceClass: 'dms.t3.medium', multiAz: false },
  gates: { lagWindowSeconds: 60, consistencyHoldSeconds: 60 },
  timing: { rollbackWindowSeconds: 3600, bakeSeconds: 60, readShiftBakeSeconds: 60 },
};

export const development = defineEnvironment({
  name: 'development',
  kind: 'development',
  account: '111111111111',
  region: 'eu-central-1',
  network: { created: { availabilityZones: ['eu-central-1a', 'eu-central-1b'] } },
  hostedZone: { name: 'internal.example.com' },
  migrations: {
    billing: billing({ sourceHost: 'billing.c0development.eu-central-1.rds.amazonaws.com', ...small, ...quick }),
    orders: orders({
      sourceHost: 'orders.c0development.eu-central-1.rds.amazonaws.com',
      mysqlStack: 'orders-mysql.development.example.com',
      postgresStack: 'orders-postgres.development.example.com',
      target: {
        multiAz: false,
        backupRetentionDays: 7,
        deletionProtection: false,
        readers: 0,
        serverless: { minCapacityUnits: 0.5, maxCapacityUnits: 4 },
      },
      ...quick,
    }),
  },
});
