import type { MigrationInput } from '../definition/schema/migration';

/** What differs between the environments of the orders migration. */
export interface OrdersPlace {
  readonly sourceHost: string;
  /** Load balancers of the application stack that talks to MySQL, and of the one that talks to PostgreSQL. */
  readonly mysqlStack: string;
  readonly postgresStack: string;
  readonly target?: Partial<MigrationInput['target']>;
  readonly replication?: MigrationInput['replication'];
  readonly gates?: MigrationInput['gates'];
  readonly timing?: MigrationInput['timing'];
}

/** The orders database moves from MySQL to PostgreSQL: another protocol, so the records front the application stacks. */
export const orders = (place: OrdersPlace): MigrationInput => ({
  source: {
    engine: 'mysql',
    version: '8.0.42',
    host: place.sourceHost,
    database: 'orders',
    instanceIdentifier: 'orders',
  },
  target: {
    engine: 'aurora-postgresql',
    version: '17.5',
    serverless: { minCapacityUnits: 2, maxCapacityUnits: 32 },
    ...place.target,
  },
  accounts: {
    write: [{ name: 'orders_app' }],
    read: [{ name: 'orders_report' }],
  },
  tables: { include: ['orders.%'], exclude: ['orders.tmp_%'] },
  transformations: [
    { kind: 'change-type', table: 'orders.customer', column: 'active', type: 'boolean' },
    {
      kind: 'microseconds-to-interval',
      table: 'orders.shipment',
      column: 'transit_microseconds',
      to: 'transit',
    },
  ],
  records: [
    {
      name: 'orders.internal.example.com',
      kind: 'write',
      level: 'application',
      source: { endpoint: place.mysqlStack },
      target: { endpoint: place.postgresStack },
    },
  ],
  replication: place.replication,
  gates: place.gates,
  timing: place.timing,
});
