import { defineEnvironment } from '../definition/define-environment';
import { billing } from './billing';
import { orders } from './orders';

const shorter = {
  gates: { consistencyHoldSeconds: 3600 },
  timing: { rollbackWindowSeconds: 86_400, bakeSeconds: 300 },
};

export const staging = defineEnvironment({
  name: 'staging',
  kind: 'staging',
  account: '222222222222',
  region: 'eu-central-1',
  network: {
    existing: {
      vpcId: 'vpc-02222222222222222',
      cidr: '10.20.0.0/16',
      privateSubnets: [
        { id: 'subnet-0222222222222222a', availabilityZone: 'eu-central-1a' },
        { id: 'subnet-0222222222222222b', availabilityZone: 'eu-central-1b' },
      ],
    },
    clientSecurityGroupIds: ['sg-0222222222222222a'],
  },
  hostedZone: { name: 'internal.example.com', id: 'Z0STAGINGINTERNAL' },
  notifications: { emails: ['databases@example.com'] },
  migrations: {
    billing: billing({ sourceHost: 'billing.c0staging.eu-central-1.rds.amazonaws.com', ...shorter }),
    orders: orders({
      sourceHost: 'orders.c0staging.eu-central-1.rds.amazonaws.com',
      mysqlStack: 'orders-mysql.staging.example.com',
      postgresStack: 'orders-postgres.staging.example.com',
      ...shorter,
    }),
  },
});
