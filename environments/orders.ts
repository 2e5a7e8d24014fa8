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

/** What MySQL keeps in `tinyint(1)` or `bit(1)`, and PostgreSQL as what it is. */
const booleans = [
  ['orders.country', 'in_union'],
  ['orders.customer', 'active'],
  ['orders.customer', 'newsletter'],
  ['orders.product', 'active'],
  ['orders.purchase', 'gift'],
  ['orders.review', 'published'],
] as const;

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
    write: [{ name: 'orders_app' }, { name: 'orders_worker' }],
    read: [{ name: 'orders_report' }],
  },
  writers: [
    {
      name: 'notification-sender',
      pause: ['node', 'operations/notification-sender.js', 'pause'],
      resume: ['node', 'operations/notification-sender.js', 'resume'],
      prove: ['node', 'operations/notification-sender.js', 'is-paused'],
    },
  ],
  tables: { include: ['orders.%'], exclude: ['orders.tmp_%'] },
  transformations: [
    ...booleans.map(([table, column]) => ({ kind: 'change-type', table, column, type: 'boolean' }) as const),
    {
      kind: 'microseconds-to-interval',
      table: 'orders.shipment',
      column: 'transit_microseconds',
      to: 'transit',
    },
    {
      kind: 'convert-column',
      table: 'orders.shipment',
      column: 'weight_grams',
      to: 'weight_kilograms',
      forward: '$value::numeric / 1000',
      reverse: '($value * 1000)::int8',
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
    {
      name: 'orders-read.internal.example.com',
      kind: 'read',
      level: 'application',
      source: { endpoint: place.mysqlStack },
      target: { endpoint: place.postgresStack },
    },
  ],
  replication: place.replication,
  gates: place.gates,
  timing: place.timing,
});
