import type { Stack } from 'aws-cdk-lib';
import * as ssm from 'aws-cdk-lib/aws-ssm';
import { sectionPath } from '../../definition/manifest/parameter-paths';
import type { SectionName } from '../../definition/manifest/sections';
import { serializeSections } from '../../definition/manifest/serialize';
import { logicalId } from '../naming';

/** The manifest, one parameter per section. A section above 8 KB fails here, at synth. */
export function manifestParameters(
  stack: Stack,
  environment: string,
  migration: string,
  sections: Record<SectionName, object>,
): void {
  const texts = serializeSections(sections, (section) => stack.toJsonString(section));
  for (const [section, value] of Object.entries(texts) as [SectionName, string][])
    new ssm.CfnParameter(stack, `Manifest${logicalId(section)}`, {
      name: sectionPath(environment, migration, section),
      type: 'String',
      // Standard parameters end at 4 KB.
      tier: 'Advanced',
      value,
      description: `What the runbooks of ${migration} read: ${section}`,
    });
}
