import { readAssembly, type SynthesisedStack } from './assembly';
import { dangerName, type Danger } from './danger';
import { accessDangers } from './dangers/access';
import { alarmDangers } from './dangers/alarms';
import { manifestDangers } from './dangers/manifest';
import { networkDangers } from './dangers/network';
import { protectionDangers } from './dangers/protection';
import { replicationDangers } from './dangers/replication';
import { routingDangers, weightDangers } from './dangers/routing';
import { stackDangers, statefulDangers } from './dangers/stateful';
import { reviewMarkdown } from './markdown';
import { stackChange, type DangerCheck } from './stack-change';

const checks: DangerCheck[] = [
  stackDangers,
  statefulDangers,
  replicationDangers,
  weightDangers,
  routingDangers,
  protectionDangers,
  networkDangers,
  accessDangers,
  manifestDangers,
  alarmDangers,
];

export interface ReviewInput {
  /** Folders that `cdk synth --output` wrote. */
  readonly base: string;
  readonly head: string;
  /** Name of a danger → why it is accepted. */
  readonly accepted?: Readonly<Record<string, string>>;
}

export interface ReviewedDanger extends Danger {
  readonly name: string;
  /** Why it is accepted; absent: it is not. */
  readonly accepted?: string;
}

export interface Review {
  readonly markdown: string;
  readonly dangers: readonly ReviewedDanger[];
}

const key = ({ environment, name }: SynthesisedStack): string => `${environment}/${name}`;

/**
 * Compares two synthesised assemblies, without any call to AWS. Reads both folders; writes nothing.
 * @throws Error when a folder holds no assembly.
 */
export function reviewAssemblies({ base, head, accepted = {} }: ReviewInput): Review {
  const before = new Map(readAssembly(base).map((stack) => [key(stack), stack]));
  const after = new Map(readAssembly(head).map((stack) => [key(stack), stack]));
  const changes = [...new Set([...before.keys(), ...after.keys()])].map((name) =>
    stackChange(before.get(name), after.get(name)),
  );
  const dangers = changes.flatMap((change) => checks.flatMap((check) => check(change)));
  return {
    markdown: reviewMarkdown(changes, dangers, new Map(Object.entries(accepted))),
    dangers: dangers.map((danger) => {
      const name = dangerName(danger);
      const reason = accepted[name];
      return { ...danger, name, ...(reason === undefined ? {} : { accepted: reason }) };
    }),
  };
}
