import { execFileSync } from 'node:child_process';
import { closeSync, constants, openSync, writeFileSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import { answersOf } from '../../../rehearsal/staging/confirmation';
import { removeTemporaryFolders, temporaryFolder } from '../../temporary-folder';

describe('what is typed', () => {
  afterAll(removeTemporaryFolders);

  it('is waited for on a pipe that somebody has set not to block', async () => {
    const folder = temporaryFolder();
    const pipe = join(folder, 'typed');
    execFileSync('mkfifo', [pipe]);
    const reading = openSync(pipe, constants.O_RDONLY | constants.O_NONBLOCK);
    const writing = openSync(pipe, constants.O_WRONLY);
    const next = answersOf(reading);
    const first = next();
    await new Promise((resolve) => setImmediate(resolve));
    writeSync(writing, 'orders\n');
    expect(await first).toBe('orders');
    closeSync(writing);
    expect(await next()).toBeUndefined();
  });

  it('is read from a file as well', async () => {
    const folder = temporaryFolder();
    writeFileSync(join(folder, 'typed'), 'one\ntwo');
    const next = answersOf(openSync(join(folder, 'typed'), 'r'));
    expect([await next(), await next(), await next()]).toEqual(['one', 'two', undefined]);
  });
});
