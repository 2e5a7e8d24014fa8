import { Match, Template } from 'aws-cdk-lib/assertions';
import type { DeployedTemplates } from './deployed-template';

const arn = 'arn:aws:dms:eu-central-1:333333333333';

/** A migration whose load is a DMS Serverless replication, while what starts from a position stays on the instance. */
export function describeServerlessLoad(withChoices: () => DeployedTemplates, deployed: () => DeployedTemplates): void {
  const template = (stack: string) => Template.fromJSON(withChoices().stack(`billing-${stack}`).template);
  const resources = (of: () => DeployedTemplates, type: string) => of().resources('billing-replication', type);

  describe('a serverless load', () => {
    it('replaces the task of the load alone, with its settings and its tables', () => {
      const tasks = (of: () => DeployedTemplates) =>
        resources(of, 'AWS::DMS::ReplicationTask').map(({ Properties }) => Properties?.['ResourceIdentifier']);
      expect(tasks(withChoices)).toEqual(tasks(deployed).filter((name) => name !== 'production-billing-load'));
      const [load] = resources(deployed, 'AWS::DMS::ReplicationTask').filter(
        ({ Properties }) => Properties?.['ResourceIdentifier'] === 'production-billing-load',
      );
      const [replication] = resources(withChoices, 'AWS::DMS::ReplicationConfig');
      expect(replication?.Properties).toMatchObject({
        ReplicationConfigIdentifier: 'production-billing-load',
        ResourceIdentifier: 'production-billing-load',
        ReplicationType: 'full-load-and-cdc',
        SourceEndpointArn: load?.Properties?.['SourceEndpointArn'],
        TargetEndpointArn: load?.Properties?.['TargetEndpointArn'],
        TableMappings: JSON.parse(String(load?.Properties?.['TableMappings'])) as object,
        ReplicationSettings: JSON.parse(String(load?.Properties?.['ReplicationTaskSettings'])) as object,
      });
    });

    it('has its place where the instance has it, encrypted, within its limits', () => {
      const [instance] = resources(withChoices, 'AWS::DMS::ReplicationInstance');
      const [replication] = resources(withChoices, 'AWS::DMS::ReplicationConfig');
      expect(replication?.Properties?.['ComputeConfig']).toEqual({
        MinCapacityUnits: 2,
        MaxCapacityUnits: 16,
        MultiAZ: true,
        KmsKeyId: instance?.Properties?.['KmsKeyId'],
        ReplicationSubnetGroupId: instance?.Properties?.['ReplicationSubnetGroupIdentifier'],
        VpcSecurityGroupIds: instance?.Properties?.['VpcSecurityGroupIds'],
      });
    });

    it('is what the manifest names', () => {
      const sections = withChoices().resources('billing-runbook-access', 'AWS::SSM::Parameter');
      const section = sections.find(({ Properties }) => String(Properties?.['Name']).endsWith('/replication'));
      expect(JSON.parse(String(section?.Properties?.['Value']))).toMatchObject({
        load: { arn: `${arn}:replication-config:production-billing-load`, identifier: 'production-billing-load' },
        forward: { arn: `${arn}:task:production-billing-forward` },
      });
    });

    it('is not rung for by alarms that cannot see it, and its failure is told all the same', () => {
      for (const name of ['LatencySource', 'LatencyTarget'])
        template('observability').hasResourceProperties('AWS::CloudWatch::Alarm', {
          AlarmName: `cutover-production-billing-${name}`,
          TreatMissingData: 'missing',
        });
      template('observability').hasResourceProperties('AWS::Events::Rule', {
        Name: 'cutover-production-billing-task-failed',
        EventPattern: Match.objectLike({
          'detail-type': [{ prefix: 'DMS Replication' }],
          detail: { eventType: ['REPLICATION_TASK_FAILED', 'REPLICATION_FAILED'] },
        }),
      });
    });
  });
}
