import type { SectionName } from './sections';

/** Largest value of an advanced SSM parameter (AWS Systems Manager quotas). */
export const maxSectionBytes = 8192;

/** What a deployed name may add to the text that stands for it until the deployment: a long ARN. */
const bytesPerToken = 160;
const token = /\$\{Token\[[^\]]+\]\}/g;

const bytesOf = (text: string): number =>
  new TextEncoder().encode(text.replace(token, '')).length + (text.match(token)?.length ?? 0) * bytesPerToken;

/**
 * The sections as JSON texts. Names that are only known at deployment count as long ARNs.
 * @throws Error naming each section above 8 KB.
 */
export function serializeSections(
  sections: Record<SectionName, object>,
  stringify: (section: object) => string = JSON.stringify,
): Record<SectionName, string> {
  const texts = Object.entries(sections).map(([name, section]) => {
    const bytes = bytesOf(JSON.stringify(section));
    if (bytes > maxSectionBytes)
      throw new Error(
        `section "${name}" of the manifest has ${bytes} bytes; a parameter holds at most ${maxSectionBytes}. ` +
          (name === 'tables' ? 'Use wildcards instead of single tables.' : 'Shorten the lists of the definition.'),
      );
    return [name, stringify(section)] as const;
  });
  return Object.fromEntries(texts) as Record<SectionName, string>;
}
