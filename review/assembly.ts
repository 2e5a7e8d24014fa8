import { readFileSync } from 'node:fs';
import { join } from 'node:path';

export interface Resource {
  readonly Type: string;
  readonly Properties?: Record<string, unknown>;
  readonly DeletionPolicy?: string;
  readonly UpdateReplacePolicy?: string;
}

export interface Template {
  readonly Resources?: Record<string, Resource>;
  readonly Parameters?: Record<string, { Type?: string; Default?: unknown }>;
}

/** One stack of a synthesised assembly. */
export interface SynthesisedStack {
  /** `production`, or an empty text for a stack outside of any stage. */
  readonly environment: string;
  /** `billing-target-database`. */
  readonly name: string;
  readonly template: Template;
  readonly terminationProtection: boolean;
}

interface ManifestFile {
  readonly artifacts?: Record<string, Artifact>;
}
interface Artifact {
  readonly type: string;
  readonly displayName?: string;
  readonly properties?: { templateFile?: string; directoryName?: string; terminationProtection?: boolean };
}

const readJson = (path: string): unknown => JSON.parse(readFileSync(path, 'utf8'));

/**
 * Reads what `cdk synth` wrote, with the assemblies of its stages.
 * @throws Error naming the folder when it holds no assembly.
 */
export function readAssembly(folder: string): SynthesisedStack[] {
  let manifest: ManifestFile;
  try {
    manifest = readJson(join(folder, 'manifest.json')) as ManifestFile;
  } catch (cause) {
    throw new Error(`${folder} holds no synthesised assembly; write one with: npx cdk synth '**' --output ${folder}`, {
      cause,
    });
  }
  return Object.entries(manifest.artifacts ?? {}).flatMap(([id, artifact]): SynthesisedStack[] => {
    const { templateFile, directoryName, terminationProtection } = artifact.properties ?? {};
    if (artifact.type === 'cdk:cloud-assembly' && directoryName !== undefined)
      return readAssembly(join(folder, directoryName));
    if (artifact.type !== 'aws:cloudformation:stack' || templateFile === undefined) return [];
    const path = (artifact.displayName ?? id).split('/');
    return [
      {
        environment: path.length > 1 ? (path[0] ?? '') : '',
        name: path.length > 1 ? path.slice(1).join('/') : (path[0] ?? id),
        template: readJson(join(folder, templateFile)) as Template,
        terminationProtection: terminationProtection ?? false,
      },
    ];
  });
}
