import * as rds from 'aws-cdk-lib/aws-rds';
import { majorVersionOf } from '../../definition/engines';
import type { Migration } from '../../definition/schema/migration';

type Target = Migration['target'];

/** The engine as RDS takes it, with the version of the definition, whether or not the library has a name for it. */
export function instanceEngine({ engine, version }: Target): rds.IInstanceEngine {
  const major = majorVersionOf(engine, version) ?? version;
  switch (engine) {
    case 'postgres':
      return rds.DatabaseInstanceEngine.postgres({ version: rds.PostgresEngineVersion.of(version, major) });
    case 'mysql':
      return rds.DatabaseInstanceEngine.mysql({ version: rds.MysqlEngineVersion.of(version, major) });
    case 'mariadb':
      return rds.DatabaseInstanceEngine.mariaDb({ version: rds.MariaDbEngineVersion.of(version, major) });
    default:
      throw new Error(`${engine} is no engine of an RDS instance`);
  }
}

export function clusterEngine({ engine, version }: Target): rds.IClusterEngine {
  const major = majorVersionOf(engine, version) ?? version;
  switch (engine) {
    case 'aurora-postgresql':
      return rds.DatabaseClusterEngine.auroraPostgres({ version: rds.AuroraPostgresEngineVersion.of(version, major) });
    case 'aurora-mysql':
      return rds.DatabaseClusterEngine.auroraMysql({ version: rds.AuroraMysqlEngineVersion.of(version, major) });
    default:
      throw new Error(`${engine} is no engine of an Aurora cluster`);
  }
}
