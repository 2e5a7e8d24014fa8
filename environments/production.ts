import { defineEnvironment } from '../definition/define-environment';
import { billing } from './billing';
import { orders } from './orders';

export const production = defineEnvironment({
  name: 'production',
  kind: 'production',
  account: '333333333333',
  region: 'eu-central-1',
  network: {
    existing: {
      vpcId: 'vpc-0production000000',
      cidr: '10.30.0.0/16',
      privateSubnets: [
        { id: 'subnet-0production00000a', availabilityZone: 'eu-central-1a' },
        { id: 'subnet-0production00000b', availabilityZone: 'eu-central-1b' },
        { id: 'subnet-0production00000c', availabilityZone: 'eu-central-1c' },
      ],
    },
    clientSecurityGroupIds: ['sg-0productionapplication'],
  },
  hostedZone: { name: 'internal.example.com', id: 'Z0PRODUCTIONINTERNAL' },
  notifications: { emails: ['databases@example.com'] },
  journal: { objectLockDays: 30 },
  migrations: {
    billing: billing({
      sourceHost: 'billing.databases.example.com',
      target: { instanceClass: 'r7g.2xlarge', storageGiB: 1000, maxStorageGiB: 4000 },
    }),
    orders: orders({
      sourceHost: 'orders.databases.example.com',
      mysqlStack: 'orders-mysql.example.com',
      postgresStack: 'orders-postgres.example.com',
    }),
  },
});
