import type { Finding } from '../definition-error';
import type { Environment } from '../schema/environment';
import { accountsAppearOnce, applicationAccountsAreTheirOwn } from './accounts';
import type { EnvironmentCheck, MigrationCheck } from './check';
import { conversionsStandAlone } from './conversions';
import { knownEngineVersions, recordLevelFitsEngines, serverlessLoadGrows, sizeFitsEngine } from './engines';
import { environmentNameFits, migrationNameFits } from './names';
import { existingSubnetsSpanZones, oneNetwork } from './network';
import {
  aWriteRecordStands,
  endpointsAreNamed,
  recordsDoNotOverlap,
  recordsLieInZone,
  setIdentifiersDiffer,
  ttlWithinLimit,
} from './records';
import { lossIsCalledByName, onlyApplicationTables } from './tables';
import { minimumsHold, pauseLeavesRoom, readShiftRises, reverseKeepsTheRollback } from './timing';

const environmentChecks: EnvironmentCheck[] = [
  environmentNameFits,
  oneNetwork,
  existingSubnetsSpanZones,
  recordsDoNotOverlap,
];

const migrationChecks: MigrationCheck[] = [
  migrationNameFits,
  knownEngineVersions,
  sizeFitsEngine,
  serverlessLoadGrows,
  recordLevelFitsEngines,
  recordsLieInZone,
  setIdentifiersDiffer,
  endpointsAreNamed,
  ttlWithinLimit,
  aWriteRecordStands,
  applicationAccountsAreTheirOwn,
  accountsAppearOnce,
  onlyApplicationTables,
  lossIsCalledByName,
  conversionsStandAlone,
  minimumsHold,
  reverseKeepsTheRollback,
  pauseLeavesRoom,
  readShiftRises,
];

/** Everything that the shape alone does not show: what settings mean together. */
export function crossFindings(environment: Environment): Finding[] {
  return [
    ...environmentChecks.flatMap((check) => check(environment)),
    ...Object.entries(environment.migrations).flatMap(([name, migration]) =>
      migrationChecks
        .flatMap((check) => check({ name, migration, environment }))
        .map((finding) => ({
          ...finding,
          path: finding.path === '' ? `migrations.${name}` : `migrations.${name}.${finding.path}`,
        })),
    ),
  ];
}
