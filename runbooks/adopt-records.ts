import type { RecordManifest } from '../definition/manifest/sections';
import type { Reason } from './ports/reason';
import { adoptedSetIdentifier, type StandingRecord } from './ports/record-adoption';

/** What an adoption would do now: each name stands at one of its stages. */
export interface AdoptionPlan {
  /** Simple records that become weighted ones, with the TTL that they have and the one that they get. */
  readonly toAdopt: readonly { name: string; value: string; ttlSeconds?: number; newTtlSeconds: number }[];
  /** Adopted records whose pair stands: they go away. */
  readonly toRemove: readonly string[];
  /** Adopted, or not there at all: the next deploy makes the pair. */
  readonly awaitingDeploy: readonly string[];
  readonly settled: readonly string[];
  /** Why nothing is done: a record stands as no adoption expects it. */
  readonly refusals: readonly Reason[];
}

type Stage = 'simple' | 'adopted' | 'replaced' | 'absent' | 'settled';

const plain = (name: string) => name.toLowerCase().replace(/\.$/, '');
const show = ({ type, value, routing, setIdentifier, weight }: StandingRecord) =>
  `${routing === 'simple' ? '' : `${routing} `}${type} ${value ?? 'alias or several values'}` +
  (setIdentifier === undefined ? '' : ` ("${setIdentifier}"${weight === undefined ? '' : `, weight ${weight}`})`);

/** The stage of one name, or in words what is wrong with it. */
function stageOf(record: RecordManifest, sets: readonly StandingRecord[]): { stage: Stage } | { wrong: string } {
  const answersAsSource = (set: StandingRecord) => set.value === plain(record.source.value);
  const of = (identifier: string) => sets.find((set) => set.setIdentifier === identifier);
  const adopted = of(adoptedSetIdentifier);
  const pair = [of(record.source.setIdentifier), of(record.target.setIdentifier)] as const;
  const [source, target] = pair;

  const simple = sets.find((set) => set.routing === 'simple');
  if (simple?.type === 'CNAME' && answersAsSource(simple)) return { stage: 'simple' };
  const strange = sets.find(
    (set) => set.type !== 'CNAME' || set.routing !== 'weighted' || ![adopted, ...pair].includes(set),
  );
  if (strange)
    return {
      wrong: `it stands as ${show(strange)}; a simple CNAME of the source (${record.source.value}) can be adopted, nothing else`,
    };
  if (!adopted) return { stage: source && target ? 'settled' : 'absent' };
  if (!answersAsSource(adopted))
    return {
      wrong: `its adopted record answers ${adopted.value ?? 'nothing'}, the manifest says that the source is ${record.source.value}`,
    };
  if (!source || !target) return { stage: 'adopted' };
  if ((source.weight ?? 0) === 0 || (target.weight ?? 0) > 0 || !answersAsSource(source))
    return {
      wrong: `its pair does not answer with the source alone (${show(source)}; ${show(target)}): without the adopted record traffic would move`,
    };
  return { stage: 'replaced' };
}

/** Looks at every name of the migration; one that is wrong refuses all, since they change together. Pure. */
export function planAdoption(
  records: readonly RecordManifest[],
  standing: ReadonlyMap<string, readonly StandingRecord[]>,
): AdoptionPlan {
  const refusals: Reason[] = [];
  const stages = new Map<string, Stage>();
  for (const record of records) {
    const found = stageOf(record, standing.get(record.name) ?? []);
    if ('stage' in found) stages.set(record.name, found.stage);
    else
      refusals.push({
        code: 'record-not-adoptable',
        text: `${record.name} cannot be adopted: ${found.wrong}`,
        setting: 'records',
        next: 'put the record right by hand, or correct the definition and deploy its manifest',
      });
  }
  const at = (...wanted: Stage[]) => records.filter(({ name }) => wanted.includes(stages.get(name) as Stage));
  return {
    toAdopt: at('simple').map(({ name, source, ttlSeconds }) => ({
      name,
      value: source.value,
      ttlSeconds: standing.get(name)?.find((set) => set.routing === 'simple')?.ttlSeconds,
      newTtlSeconds: ttlSeconds,
    })),
    toRemove: at('replaced').map(({ name }) => name),
    awaitingDeploy: at('adopted', 'absent').map(({ name }) => name),
    settled: at('settled').map(({ name }) => name),
    refusals,
  };
}
