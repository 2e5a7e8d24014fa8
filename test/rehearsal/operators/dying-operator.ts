import { runCommandLine } from '../../../cli/program';
import { connect } from '../../../runbooks/adapters/connect';
import { terminalOperator } from '../../../runbooks/adapters/terminal/terminal-operator';
import { changed } from './broken-operator';
import type { World } from '../../../runbooks/ports/world';

/**
 * An operator whose process is killed at one boundary: `EFFECT:before` when the intent is journalled and the call not
 * made, `EFFECT:after` when the call is made and its outcome not journalled. The boundary is the first argument.
 */
const [boundary = '', ...args] = process.argv.slice(2);
const [effect, moment] = boundary.split(':');

const dying = (world: World): World => ({
  ...world,
  journal: changed(world.journal, {
    append: async (runId, number, text, signal) => {
      const record = JSON.parse(text) as { type: string; effect?: string };
      const here = record.effect === effect;
      if (here && moment === 'after' && record.type === 'effect.outcome') process.kill(process.pid, 'SIGKILL');
      await world.journal.append(runId, number, text, signal);
      if (here && moment === 'before' && record.type === 'effect.intent') process.kill(process.pid, 'SIGKILL');
    },
  }),
});

void runCommandLine(args, {
  operator: terminalOperator(),
  connect: async (request) => (request.mode === 'execute' ? dying(await connect(request)) : connect(request)),
}).then((code) => {
  process.exitCode = code;
});
