import { runCommandLine } from '../../../cli/program';
import { connect } from '../../../runbooks/adapters/connect';
import { terminalOperator } from '../../../runbooks/adapters/terminal/terminal-operator';
import type { World } from '../../../runbooks/ports/world';
import { actingBy, changed } from './broken-operator';

/**
 * An operator whose process stops itself (SIGSTOP) in the middle, as a suspended laptop would: `fenced` right after the
 * fence has been committed, `routing` when the change batch is about to leave. The place is the first argument.
 */
const [place = '', ...args] = process.argv.slice(2);
const stop = () => process.kill(process.pid, 'SIGSTOP');

const stopping = (world: World): World => ({
  ...world,
  sides: {
    ...world.sides,
    source: changed(world.sides.source, {
      gate: changed(world.sides.source.gate, {
        fence: (options) => {
          const effect = world.sides.source.gate.fence(options);
          return actingBy(effect, async (signal) => {
            await effect.act(signal);
            if (place === 'fenced') stop();
          });
        },
      }),
    }),
  },
  routing: changed(world.routing, {
    shift: (name, weights) => {
      const effect = world.routing.shift(name, weights);
      return actingBy(effect, async (signal) => {
        if (place === 'routing' && name === 'route-to-target') stop();
        await effect.act(signal);
      });
    },
  }),
});

void runCommandLine(args, {
  operator: terminalOperator(),
  connect: async (request) => (request.mode === 'execute' ? stopping(await connect(request)) : connect(request)),
}).then((code) => {
  process.exitCode = code;
});
