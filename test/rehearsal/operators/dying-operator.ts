import { runCommandLine } from '../../../cli/program';
import { connect } from '../../../runbooks/adapters/connect';
import { terminalOperator } from '../../../runbooks/adapters/terminal/terminal-operator';
import { changed } from './broken-operator';
import type { World } from '../../../runbooks/ports/world';

/**
 * An operator whose process is killed at one boundary: `EFFECT:before` when the intent is journalled and the call not
 * made, `EFFECT:after` when the call is made and its outcome not journalled. `EFFECT#3` is the third of this name, `*#3`
 * the third of all. With `:SIGSTOP` at the end it is stopped there instead. The boundary is the first argument.
 */
const [boundary = '', ...args] = process.argv.slice(2);
const [, effect = '', occurrence = '1', moment, stop] =
  /^([^#]+?)(?:#(\d+))?:(before|after)(:SIGSTOP)?$/.exec(boundary) ?? [];
if (!moment) throw new Error(`${boundary} is no boundary; allowed is EFFECT[#OCCURRENCE]:before or :after`);
const end = () => process.kill(process.pid, stop ? 'SIGSTOP' : 'SIGKILL');

const dying = (world: World): World => {
  let seen = 0;
  const isHere = () => seen === Number(occurrence);
  return {
    ...world,
    journal: changed(world.journal, {
      append: async (runId, number, text, signal) => {
        const record = JSON.parse(text) as { type: string; effect?: string };
        const fits = record.effect !== undefined && (effect === '*' || record.effect === effect);
        if (fits && record.type === 'effect.intent') seen += 1;
        if (fits && isHere() && moment === 'after' && record.type === 'effect.outcome') end();
        await world.journal.append(runId, number, text, signal);
        if (fits && isHere() && moment === 'before' && record.type === 'effect.intent') end();
      },
    }),
  };
};

void runCommandLine(args, {
  operator: terminalOperator(),
  connect: async (request) => (request.mode === 'execute' ? dying(await connect(request)) : connect(request)),
}).then((code) => {
  process.exitCode = code;
});
