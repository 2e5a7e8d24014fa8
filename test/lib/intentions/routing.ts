import { Match } from 'aws-cdk-lib/assertions';
import { setProperty, type Intention } from './intention';

const record = 'AWS::Route53::RecordSet';
const stack = 'billing-routing';

export const routingIntentions: Intention[] = [
  {
    title: 'every weight is read from its parameter',
    stack,
    holds: (template) => {
      for (const [name, resource] of Object.entries(template.findResources(record)) as [
        string,
        { Properties: { Weight: { Ref?: string }; Name: string; SetIdentifier: string } },
      ][]) {
        const parameter = resource.Properties.Weight.Ref;
        if (parameter === undefined) throw new Error(`${name} has a weight of its own`);
        template.hasParameter(parameter, {
          Type: 'AWS::SSM::Parameter::Value<String>',
          Default: `/cutover/production/billing/weights/${resource.Properties.Name}/${resource.Properties.SetIdentifier.replace('billing-', '')}`,
        });
      }
      template.resourceCountIs(record, 4);
    },
    breaks: setProperty(record, 'Weight', 255),
  },
  {
    title: 'no health check moves a name by itself',
    stack,
    holds: (template) => template.resourcePropertiesCountIs(record, { HealthCheckId: Match.anyValue() }, 0),
    breaks: setProperty(record, 'HealthCheckId', 'x'),
  },
  {
    title: 'set identifiers and TTL are explicit',
    stack,
    holds: (template) => {
      for (const side of ['source', 'target'])
        template.resourcePropertiesCountIs(record, { SetIdentifier: `billing-${side}`, TTL: '5', Type: 'CNAME' }, 2);
    },
    breaks: setProperty(record, 'TTL', '1800'),
  },
  {
    title: 'names keep answering without their stack',
    stack,
    holds: (template) => template.allResources(record, { DeletionPolicy: 'Retain', UpdateReplacePolicy: 'Retain' }),
    breaks: (template) => {
      for (const resource of Object.values(template.Resources ?? {}))
        Object.assign(resource, { DeletionPolicy: 'Delete' });
    },
  },
  {
    title: 'every record starts on the source, whatever the definition says',
    stack: 'billing-weights',
    holds: (template) => {
      const values = Object.values(template.findResources('AWS::SSM::Parameter')).map(
        (resource) => (resource as { Properties: { Name: string; Value: string } }).Properties,
      );
      for (const { Name, Value } of values)
        if (Value !== (Name.endsWith('/source') ? '255' : '0')) throw new Error(`${Name} starts with ${Value}`);
      template.resourceCountIs('AWS::SSM::Parameter', 4);
    },
    breaks: setProperty('AWS::SSM::Parameter', 'Value', '128'),
  },
  {
    title: 'weights outlive their stack',
    stack: 'billing-weights',
    holds: (template) => template.allResources('AWS::SSM::Parameter', { DeletionPolicy: 'Retain' }),
    breaks: (template) => {
      for (const resource of Object.values(template.Resources ?? {}))
        Object.assign(resource, { DeletionPolicy: 'Delete' });
    },
  },
];
