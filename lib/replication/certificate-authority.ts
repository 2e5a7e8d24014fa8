import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { SideManifest, SideName } from '../../definition/manifest/sections';
import type { Environment } from '../../definition/schema/environment';
import type { Migration } from '../../definition/schema/migration';

type CertificateAuthority = SideManifest['certificateAuthority'];

/** Who signed the certificate of a side: as defined, or the RDS bundle of the region. */
export const certificateAuthorityOf = (
  environment: Environment,
  migration: Migration,
  side: SideName,
): CertificateAuthority =>
  migration[side].certificateAuthority ?? { file: `certificates/${environment.region}-bundle.pem` };

/** The certificates themselves. @throws Error naming the file and where to get it. */
export function pemOf(authority: CertificateAuthority): string {
  if ('pem' in authority) return authority.pem;
  const path = join(__dirname, '../..', authority.file);
  try {
    return readFileSync(path, 'utf8');
  } catch (cause) {
    throw new Error(
      `${authority.file} cannot be read: databases are verified against it. ` +
        'AWS publishes the bundles of RDS at https://truststore.pki.rds.amazonaws.com/<region>/<region>-bundle.pem',
      { cause },
    );
  }
}
