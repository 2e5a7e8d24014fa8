import type { MigrationInput } from '../definition/schema/migration';

/** What differs between the environments of the billing migration. */
export interface BillingPlace {
  readonly sourceHost: string;
  /** Absent: the target is as large as in production. */
  readonly target?: Partial<MigrationInput['target']>;
  readonly replication?: MigrationInput['replication'];
  readonly gates?: MigrationInput['gates'];
  readonly timing?: MigrationInput['timing'];
}

/** The billing database moves from PostgreSQL 15 to 17: one engine, so the records front the databases. */
export const billing = (place: BillingPlace): MigrationInput => ({
  source: {
    engine: 'postgres',
    version: '15.8',
    host: place.sourceHost,
    database: 'billing',
    instanceIdentifier: 'billing',
  },
  target: { engine: 'postgres', version: '17.6', instanceClass: 'r7g.xlarge', storageGiB: 200, ...place.target },
  accounts: {
    write: [{ name: 'billing_app' }, { name: 'billing_worker' }],
    read: [{ name: 'billing_report' }],
  },
  writers: [
    {
      name: 'invoice-consumer',
      pause: ['node', 'operations/invoice-consumer.js', 'pause'],
      resume: ['node', 'operations/invoice-consumer.js', 'resume'],
      prove: ['node', 'operations/invoice-consumer.js', 'is-paused'],
    },
  ],
  tables: { include: ['billing.%'] },
  records: [
    { name: 'billing-db.internal.example.com', kind: 'write', level: 'database' },
    { name: 'billing-db-read.internal.example.com', kind: 'read', level: 'database' },
  ],
  replication: place.replication,
  gates: place.gates,
  timing: place.timing,
});
