import path from 'node:path';

/**
 * The arguments that make node load TypeScript, by the launcher's own loader. It stands as an absolute path, since a
 * child's working folder is not the checkout; npm, npx and shell wrappers are never between us and a child, because they
 * lose signals.
 */
export function typescriptArguments(): string[] {
  return ['--require', path.join(__dirname, '..', '..', 'bin', 'load-typescript.js')];
}
