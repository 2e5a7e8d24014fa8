import type { Manifest, RecordManifest, SideName } from '../../definition/manifest/sections';
import type { WriteGateReading } from '../ports/write-gate';
import type { Weights } from '../ports/routing';
import { wordsOf } from './engine-words/words-of';
import { otherSide, sideTo, type Situation } from './situation';

/** Something to do by hand, in this order, where a service that every runbook needs is out of reach. */
export interface ByHand {
  readonly title: string;
  /** SQL, or a command for the shell. */
  readonly text: string;
}

export interface BreakGlassFacts {
  readonly manifest: Manifest;
  readonly situation: Situation;
  readonly gates: Readonly<Record<SideName, WriteGateReading>>;
  /** The command that does what is left, if it is not `resume`. */
  readonly recovery?: string;
}

const placeOf = ({ databases }: Manifest, side: SideName): string => {
  const { host, port, database } = databases[side];
  return `on the ${side} (database ${database} at ${host}:${port})`;
};

/** Closes one side by hand to every declared account that writes. */
export const keepOut = (manifest: Manifest, side: SideName, gate: WriteGateReading, epoch: number): ByHand => ({
  title: `${placeOf(manifest, side)}: keep the application out; go on only if it shows 0`,
  text: wordsOf(manifest, side).close(
    manifest.accounts.write.map(({ name }) => name).filter((name) => !gate.missingAccounts.includes(name)),
    epoch,
  ),
});

/** A side that does not answer takes no SQL. */
const keepAway = (manifest: Manifest, side: SideName): ByHand => {
  const { host, port, instanceIdentifier } = manifest.databases[side];
  return {
    title: `see to it that the ${side} (${host}) does not come back: stop it, or take the application out of its security group`,
    text: instanceIdentifier
      ? `aws rds stop-db-instance --db-instance-identifier ${instanceIdentifier}`
      : `nc -z ${host} ${port} || echo 'nothing answers'`,
  };
};

const changesOf = (record: RecordManifest, weights: Weights) =>
  (['source', 'target'] as const).map((side) => ({
    Action: 'UPSERT',
    ResourceRecordSet: {
      Name: record.name,
      Type: 'CNAME',
      SetIdentifier: record[side].setIdentifier,
      Weight: weights[side],
      TTL: record.ttlSeconds,
      ResourceRecords: [{ Value: record[side].value }],
    },
  }));

/**
 * What leads from the middle of a switch to a consistent end without S3 and Route 53, in the direction that the decision
 * says: on to the other side once `open` stands, back before it. Empty where nothing is half done.
 */
export function breakGlass({ manifest, situation, gates, recovery: given }: BreakGlassFacts): ByHand[] {
  if (situation.kind !== 'switching' && situation.kind !== 'opening') return [];
  const { migration, environment } = manifest.identity;
  const recovery = given ?? `cutover resume ${migration} --environment ${environment} --execute`;
  const serving = situation.primary;
  const closed = otherSide(serving);
  const isDecided = situation.decision === 'open';
  const { epoch = 0, detail } = situation.row ?? {};
  const place = (side: SideName) => placeOf(manifest, side);
  const answering = (['source', 'target'] as const).filter((side) => side !== situation.lost);
  const steps: ByHand[] = answering.map((side) => ({
    title: `${place(side)}: end what runs there`,
    text: wordsOf(manifest, side).endRuns(migration),
  }));
  if (!isDecided) {
    const to = sideTo(situation.direction);
    const { switchEpoch, direction } = situation;
    steps.push({
      title: `${place(to)}: decide that the switch is unwound; go on only if it shows "unwind"`,
      text: wordsOf(manifest, to).decideUnwind({ migration, switchEpoch, direction, epoch }),
    });
  }
  steps.push(closed === situation.lost ? keepAway(manifest, closed) : keepOut(manifest, closed, gates[closed], epoch));
  const locked = gates[serving].fencedAccounts;
  if (locked.length > 0)
    steps.push({
      title: `${place(serving)}: let exactly the locked accounts in again`,
      text: wordsOf(manifest, serving).open(locked),
    });

  const all: Weights = serving === 'source' ? { source: 255, target: 0 } : { source: 0, target: 255 };
  const weightsOf = (name: string) => (isDecided ? all : (detail?.weightsBefore?.[name] ?? all));
  const batch = {
    Comment: `cutover ${migration}: the ${serving} serves`,
    Changes: manifest.routing.records.flatMap((record) => changesOf(record, weightsOf(record.name))),
  };
  steps.push({
    title: `in Route 53, as soon as it takes changes: names lead to the ${serving}`,
    text: `aws route53 change-resource-record-sets --hosted-zone-id ${manifest.routing.zoneId} --change-batch '${JSON.stringify(batch)}'`,
  });
  steps.push({
    title: 'in the end, when S3 and Route 53 answer again: the runbook does what is left',
    text: recovery,
  });
  return steps;
}
