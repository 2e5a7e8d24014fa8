import { dangerKinds, dangerName, type Danger } from './danger';
import { changedProperties, isReplaced, resourceChanges, type StackChange } from './stack-change';

const cell = (text: string): string => text.replaceAll('|', '\\|').replaceAll('\n', ' ');
const code = (text: string): string => `\`${text.replaceAll('`', "'")}\``;

function dangerSection(dangers: readonly Danger[], accepted: ReadonlyMap<string, string>): string[] {
  if (dangers.length === 0) return ['**No danger found.**', ''];
  const open = dangers.filter((one) => !accepted.has(dangerName(one)));
  const row = (one: Danger) => {
    const reason = accepted.get(dangerName(one));
    return `| ${reason === undefined ? '**no**' : cell(`yes: ${reason}`)} | ${code(dangerName(one))} | ${cell(dangerKinds[one.kind])} | ${cell(one.detail)} |`;
  };
  return [
    `**${dangers.length} dangerous ${dangers.length === 1 ? 'change' : 'changes'}, ${open.length} not accepted.**`,
    '',
    '| accepted | danger | what it means | what changes |',
    '| --- | --- | --- | --- |',
    ...dangers.map(row),
    '',
  ];
}

function stackSection(change: StackChange): string[] {
  const changes = resourceChanges(change);
  if (changes.length === 0 && change.base && change.head) return [];
  const sorted = {
    added: changes.filter((one) => one.difference.isAddition),
    changed: changes.filter((one) => one.difference.isUpdate),
    removed: changes.filter((one) => one.difference.isRemoval),
  };
  const state = change.base ? (change.head ? '' : ' (removed)') : ' (new)';
  const lines = Object.entries(sorted).flatMap(([word, list]) =>
    list.map((one) => {
      const properties = word === 'changed' ? `: ${changedProperties(one).join(', ') || 'attributes'}` : '';
      return `- ${word} ${code(one.id)} (${one.type})${properties}${isReplaced(one) ? ', **replaced**' : ''}`;
    }),
  );
  const total = Object.entries(sorted)
    .map(([word, list]) => `${list.length} ${word}`)
    .join(', ');
  const many = lines.length > 12;
  return [
    `### ${change.stack}${state}: ${total}`,
    '',
    ...(many ? ['<details><summary>resources</summary>', ''] : []),
    ...lines,
    ...(many ? ['', '</details>'] : []),
    '',
  ];
}

/** The comment of a pull request: dangers first, then what changes, per environment and stack. */
export function reviewMarkdown(
  changes: readonly StackChange[],
  dangers: readonly Danger[],
  accepted: ReadonlyMap<string, string>,
): string {
  const names = new Set(dangers.map(dangerName));
  const stale = [...accepted.keys()].filter((name) => !names.has(name));
  const environments = [...new Set(changes.map((change) => change.environment))].sort();
  const body = environments.flatMap((environment) => {
    const sections = changes.filter((change) => change.environment === environment).flatMap(stackSection);
    return sections.length > 0 ? [`## ${environment === '' ? '(no stage)' : environment}`, '', ...sections] : [];
  });
  return [
    '# What a deploy would do',
    '',
    ...dangerSection(dangers, accepted),
    ...(stale.length > 0 ? ['Accepted, but not found any more: ' + stale.map(code).join(', '), ''] : []),
    ...(body.length > 0 ? body : ['Nothing changes.', '']),
  ].join('\n');
}
