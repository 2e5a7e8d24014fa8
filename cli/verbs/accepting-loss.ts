import type { SideName } from '../../definition/manifest/sections';
import { acceptLoss } from '../../runbooks/accept-loss';
import { UsageError } from '../../runbooks/ports/failures';
import type { World } from '../../runbooks/ports/world';
import { GateRefusal } from '../../runbooks/procedure/gate-refusal';
import {
  intervalText,
  lossText,
  typedInterval,
  unprovenInterval,
  type UnprovenInterval,
} from '../../runbooks/procedure/lost-side/unproven-interval';
import { switchRun } from '../../runbooks/procedure/migration-run';
import type { Situation } from '../../runbooks/procedure/situation';
import type { Invocation } from '../context';
import type { Verb } from '../verb';
import { refuse } from './mutating';

/** The primary that a verb leads away from, and that may therefore be given up by it. */
export const lostBy = (verb: string): SideName | undefined =>
  (({ switch: 'source', 'roll-back': 'target' }) as const)[verb as 'switch'];

/** True where a loss has to be accepted: a switch that was decided had proven everything before. */
const isAtStake = (situation: Situation) => situation.kind !== 'opening';

const isOver = (lost: SideName, { kind, row }: Situation) =>
  kind === 'finalized' && row?.detail.acceptedLoss?.lost === lost;

function mustFit(verb: string, lost: SideName, world: World, situation: Situation): void {
  const survivor = lost === 'source' ? 'target' : 'source';
  const { host, port } = world.manifest.databases[lost];
  if (!world.lost)
    throw new GateRefusal([
      {
        code: 'primary-answers',
        text: `the ${lost} answers at ${host}:${port}: no loss is accepted while it does`,
        value: `${host}:${port}`,
        next: situation.primary === lost ? `cutover ${verb}` : 'cutover status',
      },
    ]);
  if (situation.kind === 'not started' || situation.kind === 'starting')
    refuse(verb, situation, 'cutover status', `: the ${survivor} alone does not hold the data`);
  if (isOver(lost, situation)) return;
  if (situation.kind === 'finalized') refuse(verb, situation, 'cutover status', ' for good');
  if (situation.kind !== 'opening' && (situation.primary === survivor || situation.writesAccepted === survivor))
    refuse(verb, situation, 'cutover status', ` and serves: nothing is lost by the end of the ${lost}`);
}

/** A switch without its old side. The interval that is agreed to is asked for once, and holds for the run. */
export function acceptingLoss(name: string, lost: SideName): Verb {
  let found: UnprovenInterval | undefined;
  let agreed: UnprovenInterval | undefined;
  const command = ({ migration, options }: Invocation) =>
    `cutover ${name} ${migration} --environment ${options.environment}`;
  const shown = () => (found ? ` --accept-loss ${intervalText(found)}` : ' --accept-loss');
  return {
    name,
    summary: `give the ${lost} up`,
    takeOver: true,
    mayBeLost: lost,
    recovery: (invocation) => `${command(invocation)} --execute --accept-loss`,
    arguments: shown,
    look: async (world, situation, { interrupt, reporter }) => {
      mustFit(name, lost, world, situation);
      if (!world.lost || !isAtStake(situation) || isOver(lost, situation)) return;
      found = await unprovenInterval(world, interrupt);
      reporter.report({
        type: 'message',
        code: 'unproven-interval',
        level: 'warning',
        text: lossText(lost, found),
      });
    },
    agree: async (_world, _situation, invocation) => {
      if (!found) return true;
      const { options, wiring, interrupt } = invocation;
      const whole = `${command(invocation)} --execute${options.confirm === undefined ? '' : ` --confirm ${options.confirm}`}${shown()}`;
      if (options.acceptLoss === true && !wiring.operator.isInteractive)
        throw new UsageError(
          'loss-not-typed',
          `--accept-loss needs a terminal to ask at, or the interval itself: ${lossText(lost, found)}`,
          { next: whole },
        );
      const typed =
        typeof options.acceptLoss === 'string'
          ? options.acceptLoss
          : await wiring.operator.ask(
              `Type the interval that may be lost (${intervalText(found)}) to go on: `,
              interrupt,
            );
      agreed = typedInterval(typed, found);
      if (agreed || typeof options.acceptLoss !== 'string') return agreed !== undefined;
      throw new UsageError(
        'wrong-interval',
        `--accept-loss ${typed} is not the interval that is unproven, which is ${intervalText(found)}: ${lossText(lost, found)}`,
        { next: whole },
      );
    },
    prepare: (world, reporter, situation, epoch) => {
      mustFit(name, lost, world, situation);
      if (isOver(lost, situation)) return 'nothing to do';
      const run = switchRun(world, reporter, lost === 'source' ? 'forward' : 'reverse', epoch, situation);
      const { notes } = run;
      if (isAtStake(situation)) notes.switchEpoch = epoch;
      notes.acceptedLoss =
        isAtStake(situation) && !agreed ? undefined : (notes.acceptedLoss ?? { lost, interval: agreed });
      notes.lossProvenBy = agreed?.provenBy;
      return { procedure: acceptLoss(run, situation, name), mayUnwindBlind: () => !notes.openAttempted };
    },
  };
}
