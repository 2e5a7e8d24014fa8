import { messages } from '../../runbooks/ports/messages';

const chapters = {
  gates: [
    'A gate says no',
    'Exit code 3. Nothing was changed. Every reason is given at once, with value, limit and setting.',
  ],
  usage: ['The command cannot run as given', 'Exit code 2. Nothing was changed.'],
  runs: [
    'While a runbook runs, and at its end',
    'The last lines say who is primary, whether writes are accepted, and what to type.',
  ],
} as const;

const cell = (text: string): string => text.replaceAll('|', '\\|');

/** `docs/messages.md`: every code of the output, from the catalogue alone. */
export function messagesMarkdown(): string {
  const sections = (Object.keys(chapters) as (keyof typeof chapters)[]).flatMap((name) => {
    const [title, about] = chapters[name];
    const rows = Object.entries(messages[name]).map(
      ([code, { means, remedy }]) => `| \`${code}\` | ${cell(means)} | ${cell(remedy)} |`,
    );
    return [`## ${title}`, '', about, '', '| code | what it means | what to do |', '| --- | --- | --- |', ...rows, ''];
  });
  return [
    '# Messages',
    '',
    'Generated from `runbooks/ports/messages.ts` by `npm run docs`; do not edit.',
    'Every message and every reason carries a code. Its text names the value, the limit and the setting; with `--json`',
    'these stand beside it as `value`, `limit`, `unit`, `setting` and `next`.',
    '',
    ...sections,
  ]
    .join('\n')
    .trimEnd()
    .concat('\n');
}
