import { finalize } from '../runbooks/finalize';
import type { Reporter } from '../runbooks/ports/operator';
import type { World } from '../runbooks/ports/world';
import { switchRun } from '../runbooks/procedure/migration-run';
import type { Procedure } from '../runbooks/procedure/procedure';
import type { Situation } from '../runbooks/procedure/situation';
import { resume } from '../runbooks/resume';
import { shiftReads } from '../runbooks/shift-reads';
import { start } from '../runbooks/start';
import { switchWrites } from '../runbooks/switch-writes';
import { verify } from '../runbooks/verify';

/** The procedures between here and the end of the migration, in order. */
export function remainingProcedures(world: World, reporter: Reporter, situation: Situation): Procedure[] {
  const epoch = (situation.row?.epoch ?? 0) + 1;
  const forward = switchRun(world, reporter, 'forward', epoch, situation);
  const back = switchRun(world, reporter, 'reverse', epoch, situation);
  const rest = [verify(forward), shiftReads(forward), switchWrites(forward), finalize(back)];
  switch (situation.kind) {
    case 'not started':
    case 'starting':
      return [start(forward), ...rest];
    case 'steady':
      return situation.primary === 'source' ? rest : [finalize(back)];
    case 'switching':
    case 'opening': {
      const planned = resume(switchRun(world, reporter, situation.direction, epoch, situation), situation);
      return planned === 'nothing to do' ? rest : [planned.procedure, ...rest];
    }
    case 'finalized':
    case 'contradictory':
      return [];
  }
}
