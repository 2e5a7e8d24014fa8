import { onInterrupt } from '../../cli/interrupt';

it.each(['SIGINT', 'SIGTERM', 'SIGHUP'] as const)('%s interrupts once, and a second one is answered', (name) => {
  const said: string[] = [];
  const interrupt = onInterrupt((text) => said.push(text));
  try {
    process.emit(name, name);
    const { aborted, reason } = interrupt.signal as { aborted: boolean; reason: Error };
    expect([aborted, reason.message, said]).toEqual([true, `interrupted (${name})`, []]);
    process.emit(name, name);
    expect(said).toEqual([expect.stringContaining('already ending')]);
  } finally {
    interrupt.close();
  }
  expect(process.listenerCount(name)).toBe(0);
});
