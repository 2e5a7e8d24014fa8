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
      vpcId: 'vpc-03333333333333333',
      cidr: '10.30.0.0/16',
      privateSubnets: [
        { id: 'subnet-0333333333333333a', availabilityZone: 'eu-central-1a' },
        { id: 'subnet-0333333333333333b', availabilityZone: 'eu-central-1b' },
        { id: 'subnet-0333333333333333c', availabilityZone: 'eu-central-1c' },
      ],
    },
    clientSecurityGroupIds: ['sg-0333333333333333a'],
  },
  hostedZone: { name: 'internal.example.com', id: 'Z0PRODUCTIONINTERNAL' },
  notifications: { emails: ['databases@example.com'] },
  journal: { objectLockDays: 30 },
  migrations: {
    billing: billing({
      sourceHost: 'billing.c0production.eu-central-1.rds.amazonaws.com',
      target: { instanceClass: 'r7g.2xlarge', storageGiB: 1000, maxStorageGiB: 4000 },
    }),
    orders: orders({
      sourceHost: 'orders.c0production.eu-central-1.rds.amazonaws.com',
      mysqlStack: 'orders-mysql.example.com',
      postgresStack: 'orders-postgres.example.com',
    }),
  },
});
