import { writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';

export interface IsolatedEnvironmentOptions {
  readonly runFolder: string;
  /** Where the rehearsal's AWS endpoint listens, e.g. `http://127.20.30.10:21000`. */
  readonly endpointUrl: string;
  readonly region: string;
  /** Tells callers apart in the endpoint's request log. */
  readonly accessKeyId?: string;
  /** Added last; what would lead out of the rehearsal is refused. */
  readonly extra?: Readonly<Record<string, string>>;
}

export type Environment = Readonly<Record<string, string>>;

/**
 * The environment of every child of a rehearsal, built from nothing: no inherited credentials, profiles, proxies or node
 * options, and configuration files that are empty. A child that loses `AWS_ENDPOINT_URL` meets real AWS with dummy
 * credentials only.
 */
export function isolatedEnvironment(options: IsolatedEnvironmentOptions): Environment {
  const { runFolder, extra = {} } = options;
  for (const name of Object.keys(extra)) {
    if (/^(AWS_|NODE_OPTIONS$|LD_)|_proxy$/i.test(name)) {
      throw new Error(`the variable ${name} cannot be added to a rehearsal's environment: it could lead out of it`);
    }
  }
  return {
    // The node binary's folder for `#!/usr/bin/env node`, the system's for what a declared writer's command calls.
    PATH: `${path.dirname(process.execPath)}:/usr/bin:/bin`,
    HOME: runFolder,
    // Shared with this process on purpose: the TypeScript loader keeps its cache there.
    TMPDIR: tmpdir(),
    TZ: 'UTC',
    LANG: 'C.UTF-8',
    AWS_ENDPOINT_URL: options.endpointUrl,
    AWS_REGION: options.region,
    AWS_ACCESS_KEY_ID: options.accessKeyId ?? 'rehearsal',
    AWS_SECRET_ACCESS_KEY: 'rehearsal',
    AWS_CONFIG_FILE: emptyFile(runFolder, 'aws-config'),
    AWS_SHARED_CREDENTIALS_FILE: emptyFile(runFolder, 'aws-credentials'),
    AWS_EC2_METADATA_DISABLED: 'true',
    AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED: 'true',
    ...extra,
  };
}

function emptyFile(runFolder: string, name: string): string {
  const file = path.join(runFolder, name);
  writeFileSync(file, '', { mode: 0o600 });
  return file;
}
