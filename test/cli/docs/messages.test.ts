import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { messagesMarkdown } from '../../../cli/docs/messages-markdown';
import { exitCode } from '../../../runbooks/procedure/exit-code';
import { messages } from '../../../runbooks/ports/messages';

const root = join(__dirname, '..', '..', '..');
const sources = ['runbooks', 'cli'].flatMap((folder) =>
  readdirSync(join(root, folder), { recursive: true, encoding: 'utf8' })
    .filter((file) => file.endsWith('.ts') && !file.includes('messages'))
    .map((file) => ({ file: join(folder, file), text: readFileSync(join(root, folder, file), 'utf8') })),
);

/** Literals in the place of a code: `code: '…'`, either branch of a condition there, or the first argument of an error. */
function codesIn(text: string): string[] {
  const places = [
    ...[...text.matchAll(/(?<!const )\bcode:([^,;\n]*)/g)].flatMap(([, value = '']) => [
      ...value.matchAll(/'([a-z]+(?:-[a-z]+)*)'/g),
    ]),
    ...text.matchAll(/(?:\bUsageError|\busage)\(\s*'([a-z]+(?:-[a-z]+)*)'/g),
  ];
  return places.map((place) => place[1] ?? '');
}

const catalogue = Object.values(messages).flatMap((group) => Object.keys(group));
const used = sources.flatMap(({ file, text }) => codesIn(text).map((code) => ({ file, code })));

describe('the catalogue of messages', () => {
  it('holds every code that the runbooks and the command line use', () => {
    expect(used.length).toBeGreaterThan(80);
    expect(used.filter(({ code }) => !catalogue.includes(code))).toEqual([]);
  });

  it('holds nothing else, and nothing twice', () => {
    // An outcome without a code of its own is its own code.
    const known = new Set([...used.map(({ code }) => code), ...Object.keys(exitCode)]);
    expect(catalogue.filter((code) => !known.has(code))).toEqual([]);
    expect(new Set(catalogue).size).toBe(catalogue.length);
  });

  it('is printed in docs/messages.md: run `npm run docs` after a change', () => {
    expect(readFileSync(join(root, 'docs', 'messages.md'), 'utf8')).toBe(messagesMarkdown());
  });
});
