/** Kinds of danger, in the words of a migration: what it means for one that is under way. */
export const dangerKinds = {
  'stack-removed': 'a stack would be removed with what it holds',
  'stateful-replaced': 'data would be left behind: a new, empty resource takes the place',
  'stateful-removed': 'data would be removed or left without an owner',
  'task-removed': 'a replication task would be deleted, and its position with it',
  'task-replaced':
    'a replication task would be made anew: its position is lost and the data would have to be loaded again',
  'task-stopped': 'a replication task must stand still to be changed, and lag grows meanwhile',
  'replication-interrupted': 'the replication instance would restart under its tasks',
  'weights-taken': 'a deploy would own weights that belong to the runbooks, and could move traffic',
  'record-removed': 'a name that clients use would lose an answer',
  'route-changed': 'a name would answer with another endpoint, outside of any switch',
  'health-check-added': 'Route 53 could fail back to a stale side by itself',
  'ttl-raised': 'resolvers would keep the old side for longer, and the pause of a switch grows',
  'protection-lowered': 'what protects data would be weaker',
  'network-widened': 'somebody more could reach the database',
  'access-widened': 'somebody could do more in AWS',
  'gate-loosened': 'a gate would let pass what it refuses today',
  'fence-narrowed': 'the fence would leave somebody alone who can write',
  'threshold-changed': 'the runbooks would run with another limit or duration than they were rehearsed with',
  'alarm-loosened': 'an alarm that gates and bake read would ring later, or not at all',
} as const;

export type DangerKind = keyof typeof dangerKinds;

export interface Danger {
  readonly kind: DangerKind;
  readonly environment: string;
  readonly stack: string;
  /** Logical id of the resource, or the setting of the manifest. */
  readonly subject: string;
  readonly detail: string;
}

/** How a danger is accepted: `ttl-raised production/billing-routing RecordX`. */
export const dangerName = ({ kind, environment, stack, subject }: Danger): string =>
  `${kind} ${environment === '' ? stack : `${environment}/${stack}`} ${subject}`;
