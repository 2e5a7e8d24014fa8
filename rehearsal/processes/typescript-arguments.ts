import { createRequire } from 'node:module';
import { pathToFileURL } from 'node:url';

/**
 * The arguments that make node load TypeScript. The loader stands as an absolute address, since a child's working
 * folder is not the checkout; npm, npx and shell wrappers are never between us and a child, because they lose signals.
 */
export function typescriptArguments(): string[] {
  return ['--import', pathToFileURL(createRequire(__filename).resolve('tsx')).href];
}
