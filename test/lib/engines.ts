import { deriveEnvironment } from '../../definition/define-environment';
import type { EngineName } from '../../definition/engines';
import type { Environment } from '../../definition/schema/environment';
import type { Migration } from '../../definition/schema/migration';
import { environments } from '../../environments';

interface Pair {
  readonly source: [EngineName, string];
  readonly target: [Migration['target']['engine'], string];
}

/** Every engine that a definition allows, at least once on each side where it may stand. */
export const pairs: Record<string, Pair> = {
  'mysql-to-aurora': { source: ['mysql', '8.0.42'], target: ['aurora-mysql', '8.0.mysql_aurora.3.10.0'] },
  'mysql-to-mysql': { source: ['aurora-mysql', '5.7.mysql_aurora.2.12.5'], target: ['mysql', '8.4.6'] },
  'maria-to-maria': { source: ['mariadb', '10.6.22'], target: ['mariadb', '11.4.5'] },
  'aurora-to-aurora': { source: ['aurora-postgresql', '15.13'], target: ['aurora-postgresql', '17.5'] },
  'oracle-to-postgres': { source: ['oracle', '19.0'], target: ['postgres', '17.6'] },
  'sqlserver-to-aurora': { source: ['sqlserver', '15.0'], target: ['aurora-postgresql', '16.9'] },
  'maria-to-postgres': { source: ['mariadb', '11.4.5'], target: ['postgres', '16.9'] },
};

/** Production with one migration per pair. */
export const environmentOfAllEngines = (): Environment =>
  deriveEnvironment(environments['production']!, (draft) => {
    const { orders } = draft.migrations;
    draft.migrations = Object.fromEntries(
      Object.entries(pairs).map(([name, { source, target }]) => {
        const migration = structuredClone(orders!);
        Object.assign(migration.source, { engine: source[0], version: source[1] });
        Object.assign(migration.target, { engine: target[0], version: target[1], serverless: undefined, readers: 1 });
        migration.transformations = [];
        for (const record of migration.records) record.name = record.name.replace('orders', name);
        return [name, migration];
      }),
    );
  });
