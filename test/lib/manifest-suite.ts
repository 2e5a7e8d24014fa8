import { readManifest, ManifestError } from '../../definition/manifest/read';
import type { Manifest } from '../../definition/manifest/sections';
import type { DeployedTemplates } from './deployed-template';

/** The manifest of a migration as the runbooks would read it after the deployment. */
function manifestOf(deployed: DeployedTemplates, migration: string): Manifest {
  const root = `/cutover/production/${migration}/manifest/`;
  const sections = deployed
    .resources(`${migration}-runbook-access`, 'AWS::SSM::Parameter')
    .map((parameter) => parameter.Properties as { Name: string; Value: string })
    .filter((parameter) => parameter.Name.startsWith(root))
    .map((parameter) => [parameter.Name.slice(root.length), parameter.Value] as const);
  return readManifest(new Map(sections));
}

const properties = (deployed: DeployedTemplates, stack: string, type: string) =>
  deployed.resources(stack, type).map((resource) => resource.Properties ?? {});

export function describeManifest(deployed: () => DeployedTemplates): void {
  describe.each(['billing', 'orders'])(
    'the manifest of %s, read from its template by the runbooks’ own code',
    (migration) => {
      it('names the tasks that are deployed', () => {
        const { replication } = manifestOf(deployed(), migration);
        const tasks = properties(deployed(), `${migration}-replication`, 'AWS::DMS::ReplicationTask');
        for (const task of [replication.load, replication.forward, replication.reverse]) {
          const match = tasks.find((one) => one['ReplicationTaskIdentifier'] === task.identifier);
          expect(task.arn).toBe(`arn:aws:dms:eu-central-1:333333333333:task:${String(match?.['ResourceIdentifier'])}`);
        }
      });

      it('names the records, answers and weights that are deployed', () => {
        const { routing } = manifestOf(deployed(), migration);
        const expected = routing.records.flatMap((record) =>
          (['source', 'target'] as const).map((side) => ({
            HostedZoneId: routing.zoneId,
            Name: record.name,
            TTL: String(record.ttlSeconds),
            SetIdentifier: record[side].setIdentifier,
            ResourceRecords: [record[side].value],
            Weight: `value of ${record[side].weightParameter}`,
            Type: 'CNAME',
          })),
        );
        expect(properties(deployed(), `${migration}-routing`, 'AWS::Route53::RecordSet')).toEqual(expected);
        const parameters = properties(deployed(), `${migration}-weights`, 'AWS::SSM::Parameter').map(
          (one) => one['Name'],
        );
        expect(parameters.sort()).toEqual(
          routing.records.flatMap((one) => [one.source.weightParameter, one.target.weightParameter]).sort(),
        );
      });

      it('names the alarm, the bucket, the slots and the stacks that are deployed', () => {
        const { gates, journal, replication, routing } = manifestOf(deployed(), migration);
        const alarm = properties(deployed(), `${migration}-observability`, 'AWS::CloudWatch::CompositeAlarm');
        expect(gates.alarmNames).toEqual(alarm.map((one) => one['AlarmName']));
        const buckets = properties(deployed(), 'foundation', 'AWS::S3::Bucket').map((one) => one['BucketName']);
        expect(buckets).toContain(journal.bucket);
        const slots = properties(deployed(), `${migration}-replication`, 'AWS::DMS::Endpoint').map(
          (one) => (one['PostgreSqlSettings'] as { SlotName?: string } | undefined)?.SlotName,
        );
        expect(slots).toContain(replication.reverseSlot);
        for (const name of routing.stackNames) expect(deployed().stack(name.replace('production-', ''))).toBeDefined();
      });

      it('reaches the database that is deployed under the name in its certificate', () => {
        const { target } = manifestOf(deployed(), migration).databases;
        const isCluster = migration === 'orders';
        const host = `${migration}-target-database/DatabaseB269D8BB.Endpoint.Address`;
        expect([target.host, target.tlsServerName]).toEqual([host, host]);
        const [database] = properties(
          deployed(),
          `${migration}-target-database`,
          isCluster ? 'AWS::RDS::DBCluster' : 'AWS::RDS::DBInstance',
        );
        expect(target.port).toBe(Number(database?.['Port']));
      });
    },
  );

  it('a manifest of another version is refused', () => {
    const changed = new Map([['identity', '{"manifestVersion":2}']]);
    for (const section of Object.keys(manifestOf(deployed(), 'billing')))
      if (!changed.has(section)) changed.set(section, '{}');
    expect(() => readManifest(changed)).toThrow(ManifestError);
  });
}
