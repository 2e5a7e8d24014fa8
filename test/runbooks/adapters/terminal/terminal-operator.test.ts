import { hostname, userInfo } from 'node:os';
import { PassThrough } from 'node:stream';
import { terminalOperator } from '../../../../runbooks/adapters/terminal/terminal-operator';

const noSignal = new AbortController().signal;
const terminal = (isTTY = false) => {
  const [input, output] = [new PassThrough(), new PassThrough()];
  let said = '';
  output.on('data', (chunk: Buffer) => (said += chunk.toString()));
  const operator = terminalOperator({
    input: Object.assign(input, { isTTY }),
    output: Object.assign(output, { isTTY }),
  });
  return { input, operator, said: () => said };
};

describe('the operator at the terminal', () => {
  test('has a name with the host in it, and can be asked only at a terminal', () => {
    expect(terminal().operator.name).toBe(`${userInfo().username}@${hostname()}`);
    expect(terminal(false).operator.isInteractive).toBe(false);
    expect(terminal(true).operator.isInteractive).toBe(true);
  });

  test('is asked, answers, and can be asked again', async () => {
    const { input, operator, said } = terminal();
    const first = operator.ask('Type the name: ', noSignal);
    input.write('production\n');
    expect(await first).toBe('production');
    expect(said()).toContain('Type the name: ');
    const second = operator.ask('Again: ', noSignal);
    input.write('yes\n');
    expect(await second).toBe('yes');
  });

  test('the end of the input is an empty answer', async () => {
    const { input, operator } = terminal();
    const asked = operator.ask('Type the name: ', noSignal);
    input.end();
    expect(await asked).toBe('');
  });

  test('a question ends with its signal', async () => {
    const { operator } = terminal();
    const interrupted = new AbortController();
    const asked = operator.ask('Type the name: ', interrupted.signal);
    interrupted.abort(new Error('interrupted'));
    await expect(asked).rejects.toThrow('interrupted');
    await expect(operator.ask('Type the name: ', interrupted.signal)).rejects.toThrow('interrupted');
  });
});
