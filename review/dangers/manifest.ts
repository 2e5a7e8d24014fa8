import type { SectionName } from '../../definition/manifest/sections';
import type { Danger } from '../danger';
import { danger, type DangerCheck, type StackChange } from '../stack-change';
import { flatten, manifestSections } from '../manifest-sections';

/** Gates where a smaller value lets more pass; of all others a larger one does. */
const smallerIsLooser = [
  'lagWindowSeconds',
  'consistencyHoldSeconds',
  'sequenceHeadroom',
  'minSequenceRoomPercent',
  'minBackupRetentionDays',
  'undoReserveSeconds',
];

const shown = (value: unknown): string => (value === undefined ? '(absent)' : JSON.stringify(value));

function thresholds(change: StackChange, section: SectionName, before: object, after: object): Danger[] {
  const [old, now] = [flatten(before), flatten(after)];
  return [...new Set([...old.keys(), ...now.keys()])].flatMap((setting) => {
    const [from, to] = [old.get(setting), now.get(setting)];
    if (JSON.stringify(from) === JSON.stringify(to)) return [];
    const looser =
      section === 'gates' &&
      (typeof from !== 'number' ||
        typeof to !== 'number' ||
        (smallerIsLooser.includes(setting) ? to < from : to > from));
    return [
      danger(
        change,
        looser ? 'gate-loosened' : 'threshold-changed',
        `${section}.${setting}`,
        `${shown(from)} → ${shown(to)}`,
      ),
    ];
  });
}

type Named = { readonly name: string };
const names = (value: unknown): string[] => ((value as Named[] | undefined) ?? []).map((one) => one.name);
const missing = (before: string[], after: string[]) => before.filter((name) => !after.includes(name));

function fence(change: StackChange, before: Record<string, unknown>, after: Record<string, unknown>): Danger[] {
  return [
    ...missing(names(before['write']), names(after['write'])).map((name) =>
      danger(change, 'fence-narrowed', `accounts.write.${name}`, 'the account would no longer be fenced'),
    ),
    ...missing((after['allowed'] as string[] | undefined) ?? [], (before['allowed'] as string[] | undefined) ?? []).map(
      (name) =>
        danger(change, 'fence-narrowed', `accounts.allowed.${name}`, 'the fence would leave this account alone'),
    ),
  ];
}

function waivers(change: StackChange, before: Record<string, unknown>, after: Record<string, unknown>): Danger[] {
  const of = (section: Record<string, unknown>) =>
    ((section['waivers'] as { table: string; check: string }[] | undefined) ?? []).map(
      ({ table, check }) => `${table} ${check}`,
    );
  return [
    ...missing(of(after), of(before)).map((waiver) =>
      danger(change, 'gate-loosened', `tables.waivers.${waiver}`, 'a finding would be waived'),
    ),
    ...missing(after['exclude'] as string[], before['exclude'] as string[]).map((pattern) =>
      danger(change, 'gate-loosened', `tables.exclude.${pattern}`, 'these tables would stay behind, unverified'),
    ),
  ];
}

/** What the runbooks would do otherwise after the deploy. */
export const manifestDangers: DangerCheck = (change) => {
  const before = manifestSections(change.base?.template);
  const after = manifestSections(change.head?.template);
  const both = (
    section: SectionName,
    compare: (old: Record<string, unknown>, now: Record<string, unknown>) => Danger[],
  ) => {
    const [old, now] = [before.get(section), after.get(section)];
    return old && now ? compare(old, now) : [];
  };
  return [
    ...both('gates', (old, now) => thresholds(change, 'gates', old, now)),
    ...both('timing', (old, now) => thresholds(change, 'timing', old, now)),
    ...both('accounts', (old, now) => fence(change, old, now)),
    ...both('tables', (old, now) => waivers(change, old, now)),
    ...both('writers', (old, now) =>
      missing(names(old['writers']), names(now['writers'])).map((name) =>
        danger(change, 'fence-narrowed', `writers.${name}`, 'this writer would no longer be paused'),
      ),
    ),
  ];
};
