import type { SectionName } from './sections';

/** Largest value of an advanced SSM parameter (AWS Systems Manager quotas). */
export const maxSectionBytes = 8192;

/** What a deployed name may add to the text that stands for it until the deployment: a long ARN. */
const bytesPerToken = 160;
const token = /\$\{Token\[[^\]]+\]\}/g;

const bytesOf = (text: string): number =>
  new TextEncoder().encode(text.replace(token, '')).length + (text.match(token)?.length ?? 0) * bytesPerToken;

/** What makes a list shorter; every other part is shortened by itself. */
const advice: Readonly<Record<string, string>> = {
  include: 'write schema.% instead of single tables',
  exclude: 'write schema.% instead of single tables',
  waivers: 'waive schema.% instead of single tables, and give short reasons',
  transformations:
    'let one rename-schema stand for its tables, and let tables and columns of the target keep the names of the source until finalize',
};

function tooLarge(name: string, section: object, bytes: number, identity: object): Error {
  const { environment, migration } = identity as { environment?: string; migration?: string };
  const [largest] = Object.entries(section)
    .map(([part, value]) => ({ part, value: value as unknown, size: bytesOf(JSON.stringify(value ?? null)) }))
    .sort((a, b) => b.size - a.size);
  const { part = name, value, size = bytes } = largest ?? {};
  const entries = Array.isArray(value) ? `${value.length} entries, ` : '';
  return new Error(
    `section "${name}" of the manifest of ${environment}/${migration} has ${bytes} bytes; a parameter of SSM holds at most ` +
      `${maxSectionBytes}. Its largest part is ${part} (${entries}${size} bytes): ${advice[part] ?? 'shorten it in the definition'}.`,
  );
}

/**
 * The sections as JSON texts. Names that are only known at deployment count as long ARNs.
 * @throws Error naming the first section above 8 KB, its size, its largest part and what to do.
 */
export function serializeSections(
  sections: Record<SectionName, object>,
  stringify: (section: object) => string = JSON.stringify,
): Record<SectionName, string> {
  const texts = Object.entries(sections).map(([name, section]) => {
    const bytes = bytesOf(JSON.stringify(section));
    if (bytes > maxSectionBytes) throw tooLarge(name, section, bytes, sections.identity);
    return [name, stringify(section)] as const;
  });
  return Object.fromEntries(texts) as Record<SectionName, string>;
}
