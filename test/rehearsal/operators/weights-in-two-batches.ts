import { ChangeResourceRecordSetsCommand, Route53Client } from '@aws-sdk/client-route-53';
import { actingBy, brokenOperator, changed } from './broken-operator';

/** Predicted: I6. First one side of the pair is changed, then the other: between them both weigh nothing. */
brokenOperator((world) => {
  const client = new Route53Client({});
  const { records, zoneId } = world.manifest.routing;
  return {
    ...world,
    routing: changed(world.routing, {
      shift: (name, weights) =>
        actingBy(world.routing.shift(name, weights), async () => {
          const sides = name === 'route-to-target' ? (['source', 'target'] as const) : (['target', 'source'] as const);
          for (const side of sides) {
            const Changes = records
              .filter((record) => weights.has(record.name))
              .map((record) => ({
                Action: 'UPSERT' as const,
                ResourceRecordSet: {
                  Name: record.name,
                  Type: 'CNAME' as const,
                  SetIdentifier: record[side].setIdentifier,
                  Weight: weights.get(record.name)?.[side] ?? 0,
                  TTL: record.ttlSeconds,
                  ResourceRecords: [{ Value: record[side].value }],
                },
              }));
            await client.send(new ChangeResourceRecordSetsCommand({ HostedZoneId: zoneId, ChangeBatch: { Changes } }));
          }
        }),
    }),
  };
});
