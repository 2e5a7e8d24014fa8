import { runCommandLine } from '../../../cli/program';
import { connect } from '../../../runbooks/adapters/connect';
import { terminalOperator } from '../../../runbooks/adapters/terminal/terminal-operator';
import { changed } from './broken-operator';
import { beforeEachStatement } from './statements';
import type { World } from '../../../runbooks/ports/world';

/**
 * An operator whose process is killed at one boundary: `EFFECT:before` when the intent is journalled and the call not
 * made, `EFFECT:after` when the call is made and its outcome not journalled, `EFFECT:statement-2` before the second of the
 * statements that a MySQL side commits one by one. `EFFECT#3` is the third of this name, `*#3` the third of all. With
 * `:SIGSTOP` at the end it is stopped there instead. The boundary is the first argument.
 */
const [boundary = '', ...args] = process.argv.slice(2);
const [, effect = '', occurrence = '1', moment, statement, stop] =
  /^([^#]+?)(?:#(\d+))?:(before|after|statement-(\d+))(:SIGSTOP)?$/.exec(boundary) ?? [];
if (!moment)
  throw new Error(`${boundary} is no boundary; allowed is EFFECT[#OCCURRENCE]:before, :after or :statement-N`);
const end = () => process.kill(process.pid, stop ? 'SIGSTOP' : 'SIGKILL');

const dying = (world: World): World => {
  let seen = 0;
  let statements = 0;
  let isUnderWay = false;
  const isHere = () => seen === Number(occurrence);
  beforeEachStatement(() => {
    if (isUnderWay && isHere()) statements += 1;
    if (isUnderWay && isHere() && statements === Number(statement)) end();
  });
  return {
    ...world,
    journal: changed(world.journal, {
      append: async (runId, number, text, signal) => {
        const record = JSON.parse(text) as { type: string; effect?: string };
        const fits = record.effect !== undefined && (effect === '*' || record.effect === effect);
        if (record.type === 'effect.intent') isUnderWay = fits;
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
