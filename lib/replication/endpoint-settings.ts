import type * as dms from 'aws-cdk-lib/aws-dms';
import type { EngineName } from '../../definition/engines';
import type { Migration } from '../../definition/schema/migration';

/** How DMS calls the engines (AWS::DMS::Endpoint, EngineName). */
export const dmsEngineName = (engine: EngineName): string => (engine === 'aurora-mysql' ? 'aurora' : engine);

/** The strictest mode that DMS has for the engine. Oracle knows verify-ca only (AWS DMS User Guide, "Using SSL"). */
export const sslMode = (engine: EngineName): string => (engine === 'oracle' ? 'verify-ca' : 'verify-full');

interface Access {
  readonly secretArn: string;
  readonly roleArn: string;
}
type Settings = Pick<
  dms.CfnEndpointProps,
  'postgreSqlSettings' | 'mySqlSettings' | 'oracleSettings' | 'microsoftSqlServerSettings' | 'extraConnectionAttributes'
>;

const login = ({ secretArn, roleArn }: Access) => ({
  secretsManagerSecretId: secretArn,
  secretsManagerAccessRoleArn: roleArn,
});

/** What DMS must know to read changes of a side; `slot` only where a task starts from a given position. */
export function sourceSettings(engine: EngineName, access: Access, migration: Migration, slot?: string): Settings {
  const { replication } = migration;
  switch (engine) {
    case 'postgres':
    case 'aurora-postgresql':
      return {
        postgreSqlSettings: {
          ...login(access),
          // The spelling is that of the API, which checks it (PluginNameValue); the plug-in itself is test_decoding.
          pluginName: 'test-decoding',
          // DDL is the business of the gates; capturing it needs a superuser and leaves triggers behind.
          captureDdls: false,
          failTasksOnLobTruncation: true,
          mapBooleanAsBoolean: true,
          heartbeatEnable: true,
          heartbeatSchema: replication.controlSchema,
          heartbeatFrequency: Math.max(1, Math.ceil(replication.heartbeatSeconds / 60)),
          ...(slot === undefined ? {} : { slotName: slot }),
        },
      };
    case 'mysql':
    case 'mariadb':
    case 'aurora-mysql':
      return { mySqlSettings: { ...login(access), serverTimezone: 'UTC', eventsPollInterval: 1 } };
    case 'oracle':
      return { oracleSettings: { ...login(access), failTasksOnLobTruncation: true } };
    case 'sqlserver':
      return {
        microsoftSqlServerSettings: { ...login(access), safeguardPolicy: 'rely-on-sql-server-replication-agent' },
      };
  }
}

/**
 * One SET, since attributes are parted by semicolons. MySQL has no replica role: guarded triggers ask for the variable. What
 * arrives is kept as it is: a 0 draws no new key, moments are in UTC whatever the server's zone, and what does not fit is an
 * error that stops the task, not a shorter value with a warning.
 */
const mysqlSession = `SET FOREIGN_KEY_CHECKS=0,@cutover_replication=1,time_zone='+00:00',sql_mode=CONCAT(@@sql_mode,',NO_AUTO_VALUE_ON_ZERO,STRICT_ALL_TABLES')`;

/** What DMS must know to write to a side: keys and triggers have done their work where the change was made. */
export function targetSettings(engine: EngineName, access: Access): Settings {
  switch (engine) {
    case 'postgres':
    case 'aurora-postgresql':
      return {
        postgreSqlSettings: {
          ...login(access),
          afterConnectScript: "SET session_replication_role='replica'",
          mapBooleanAsBoolean: true,
        },
      };
    case 'mysql':
    case 'mariadb':
    case 'aurora-mysql':
      return {
        mySqlSettings: { ...login(access), targetDbType: 'multiple-databases', parallelLoadThreads: 1 },
        extraConnectionAttributes: `Initstmt=${mysqlSession}`,
      };
    case 'oracle':
      return { oracleSettings: login(access) };
    case 'sqlserver':
      return { microsoftSqlServerSettings: login(access) };
  }
}
