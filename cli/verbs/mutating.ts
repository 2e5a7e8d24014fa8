import type { Direction } from '../../definition/manifest/sections';
import { abort } from '../../runbooks/abort';
import { finalize } from '../../runbooks/finalize';
import { GateRefusal } from '../../runbooks/procedure/gate-refusal';
import { switchRun, type SwitchRun } from '../../runbooks/procedure/migration-run';
import type { Procedure } from '../../runbooks/procedure/procedure';
import type { Planned } from '../../runbooks/procedure/run';
import type { Situation } from '../../runbooks/procedure/situation';
import { decideUnwind } from '../../runbooks/procedure/steps/decide';
import { resume } from '../../runbooks/resume';
import { rollBack } from '../../runbooks/roll-back';
import { shiftReads } from '../../runbooks/shift-reads';
import { start } from '../../runbooks/start';
import { switchWrites } from '../../runbooks/switch-writes';
import { verify } from '../../runbooks/verify';
import type { Verb } from '../verb';

export const refuse = (verb: string, situation: Situation, next: string, why = ''): never => {
  throw new GateRefusal([
    {
      code: 'wrong-situation',
      text: `${verb} does not fit: the migration is "${situation.kind}", the ${situation.primary} is primary${why}`,
      value: situation.kind,
      next,
    },
  ]);
};

/** A switch in either direction; its unwinding is claimed by the decision row first. */
const switching = (run: SwitchRun, procedure: (run: SwitchRun) => Procedure): Planned => ({
  procedure: procedure(run),
  beforeUnwind: (perform, signal) => decideUnwind(run, perform, signal),
  mayUnwindBlind: () => !run.notes.openAttempted,
});

/** Refuses unless one side serves and replication follows. */
export const mustBeSteady = (verb: string, situation: Situation): void => {
  if (situation.kind === 'not started' || situation.kind === 'starting') refuse(verb, situation, 'cutover start');
  if (situation.kind === 'switching' || situation.kind === 'opening') refuse(verb, situation, 'cutover resume');
  if (situation.kind === 'finalized') refuse(verb, situation, 'cutover status', whyForGood(situation));
};

/** A side that was given up may hold what no other holds: nothing leads back to it but a load of its own. */
const whyForGood = ({ row }: Situation): string => {
  const lost = row?.detail.acceptedLoss?.lost;
  return lost === undefined
    ? ''
    : ` for good, since the ${lost} was given up with an accepted loss; a fresh start is a migration of another name with an empty target`;
};

const plain = (procedure: Procedure): Planned => ({ procedure });

export const mutatingVerbs: readonly Verb[] = [
  {
    name: 'start',
    summary: 'close the target, load every table, follow its changes',
    installs: true,
    prepare: (world, reporter, situation, epoch) => {
      if (situation.kind === 'finalized') mustBeSteady('start', situation);
      return situation.kind === 'not started' || situation.kind === 'starting'
        ? plain(start(switchRun(world, reporter, 'forward', epoch, situation)))
        : 'nothing to do';
    },
  },
  {
    name: 'verify',
    summary: 'compare every row of every table; --execute records the result',
    prepare: (world, reporter, situation, epoch) => {
      mustBeSteady('verify', situation);
      return plain(verify(switchRun(world, reporter, situation.direction, epoch, situation)));
    },
  },
  {
    name: 'shift-reads',
    summary: 'send reads to the other side, in growing shares',
    prepare: (world, reporter, situation, epoch) => {
      mustBeSteady('shift-reads', situation);
      return plain(shiftReads(switchRun(world, reporter, situation.direction, epoch, situation)));
    },
  },
  {
    name: 'switch',
    summary: 'switch writes to the target',
    prepare: (world, reporter, situation, epoch) => {
      mustBeSteady('switch', situation);
      if (situation.primary === 'target') return 'nothing to do';
      return switching(switchRun(world, reporter, 'forward', epoch, situation), switchWrites);
    },
  },
  {
    name: 'roll-back',
    summary: 'switch writes back to the source; before the decision: unwind',
    prepare: (world, reporter, situation, epoch) => {
      if (situation.kind === 'switching' && situation.direction === 'forward')
        return abort(switchRun(world, reporter, situation.direction, epoch, situation), situation);
      mustBeSteady('roll-back', situation);
      if (situation.primary === 'source')
        refuse('roll-back', situation, 'cutover status', ' already: there is nothing to roll back');
      return switching(switchRun(world, reporter, 'reverse', epoch, situation), rollBack);
    },
  },
  {
    name: 'finalize',
    summary: 'end the rollback window: replication stops, the source stays fenced',
    prepare: (world, reporter, situation, epoch) => {
      if (situation.kind === 'finalized') return 'nothing to do';
      mustBeSteady('finalize', situation);
      if (situation.primary === 'source') refuse('finalize', situation, 'cutover switch');
      return plain(finalize(switchRun(world, reporter, 'reverse', epoch, situation)));
    },
  },
  ...(
    [
      ['resume', 'after a crash: bring the migration to done or to rolled back', resume],
      ['abort', 'after a crash: go back if the decision has not fallen', abort],
    ] as const
  ).map(([name, summary, runbook]): Verb => ({
    name,
    summary,
    takeOver: true,
    prepare: (world, reporter, situation, epoch) => {
      const direction: Direction = situation.direction;
      return runbook(switchRun(world, reporter, direction, epoch, situation), situation);
    },
  })),
];
