import { z } from 'zod';
import { manifestSchema, manifestSections, manifestVersion, type Manifest, type SectionName } from './sections';

/** Why a manifest cannot be used; `text` is for the operator. */
export class ManifestError extends Error {
  override readonly name = 'ManifestError';
}

/**
 * Parses the sections as SSM returned them (section name → JSON text).
 * @throws ManifestError naming the section, the value and what is allowed.
 */
export function readManifest(sections: ReadonlyMap<string, string>): Manifest {
  const parsed: Record<string, unknown> = {};
  for (const name of Object.keys(manifestSections) as SectionName[]) {
    const text = sections.get(name);
    if (text === undefined)
      throw new ManifestError(`the manifest has no section "${name}"; deploy the environment again`);
    try {
      parsed[name] = JSON.parse(text);
    } catch (cause) {
      throw new ManifestError(`section "${name}" of the manifest is not JSON`, { cause });
    }
  }
  const found = (parsed['identity'] as { manifestVersion?: unknown } | null)?.manifestVersion;
  if (found !== manifestVersion)
    throw new ManifestError(
      `the manifest has version ${JSON.stringify(found)}, this command reads version ${manifestVersion}; ` +
        'use the release that deployed it, or deploy again with this one',
    );
  const result = manifestSchema.safeParse(parsed);
  if (!result.success) throw new ManifestError(`the manifest is not usable:\n${z.prettifyError(result.error)}`);
  return result.data;
}
