import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Template } from '../../review/assembly';
import { temporaryFolder } from '../temporary-folder';

/** Writes an assembly of one environment, `e`, with these stacks. */
export function assembly(templates: Record<string, Template>): string {
  const folder = temporaryFolder();
  const artifacts = Object.entries(templates).map(([name, template]) => {
    writeFileSync(join(folder, `${name}.json`), JSON.stringify(template));
    return [
      name,
      { type: 'aws:cloudformation:stack', displayName: `e/${name}`, properties: { templateFile: `${name}.json` } },
    ];
  });
  writeFileSync(join(folder, 'manifest.json'), JSON.stringify({ artifacts: Object.fromEntries(artifacts) as object }));
  return folder;
}
