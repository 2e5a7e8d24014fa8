import { ParameterAlreadyExists, ParameterNotFound } from '@aws-sdk/client-ssm';
import type { Parameter, PutParameterRequest } from '@aws-sdk/client-ssm';
import type { EndpointSeed } from '../../seed';
import { AwsError } from '../../wire/aws-error';

/** One version of a parameter. */
export interface StoredParameter {
  readonly name: string;
  readonly value: string;
  readonly type: 'String' | 'StringList' | 'SecureString';
  readonly tier: 'Standard' | 'Advanced';
  readonly version: number;
  readonly modifiedAt: Date;
  readonly modifiedBy: string;
}

const sizeLimits = { Standard: 4096, Advanced: 8192 } as const;

/** Parameters with all their versions (API reference of Systems Manager, PutParameter and GetParameter). */
export class ParameterStore {
  private readonly versions = new Map<string, StoredParameter[]>();

  constructor(seed: EndpointSeed['parameters']) {
    for (const { name, value, type } of seed) {
      this.versions.set(name, [
        {
          name,
          value,
          type: type ?? 'String',
          tier: 'Standard',
          version: 1,
          modifiedAt: new Date(),
          modifiedBy: 'seed',
        },
      ]);
    }
  }

  /** The latest version of each parameter, in the order of their names. */
  all(): StoredParameter[] {
    const latest = [...this.versions.values()].flatMap((versions) => versions.at(-1) ?? []);
    return latest.sort((a, b) => (a.name < b.name ? -1 : 1));
  }

  history(name: string): readonly StoredParameter[] {
    return this.versions.get(name) ?? [];
  }

  /** A parameter by name or `name:version`. */
  find(selector: string): StoredParameter | undefined {
    const [, name = selector, version] = /^(.*?)(?::(\d+))?$/.exec(selector) ?? [];
    const versions = this.versions.get(name);
    return version === undefined ? versions?.at(-1) : versions?.find((entry) => entry.version === Number(version));
  }

  /** @throws ParameterNotFound */
  get(selector: string): StoredParameter {
    const found = this.find(selector);
    if (found !== undefined) return found;
    throw new ParameterNotFound({ message: `Parameter ${selector} not found.`, $metadata: {} });
  }

  /** @throws ParameterAlreadyExists unless Overwrite is asked for; ValidationException for a value above its tier's size */
  put(input: PutParameterRequest, modifiedBy: string): StoredParameter {
    const name = input.Name ?? '';
    const present = this.versions.get(name)?.at(-1);
    if (present !== undefined && input.Overwrite !== true) {
      const message =
        'The parameter already exists. To overwrite this value, set the overwrite option in the request to true.';
      throw new ParameterAlreadyExists({ message, $metadata: {} });
    }
    const type = input.Type ?? present?.type;
    if (type === undefined)
      throw new AwsError('ValidationException', 'A parameter type is required when you create a parameter.');
    const value = input.Value ?? '';
    const tier = input.Tier === 'Advanced' || present?.tier === 'Advanced' ? 'Advanced' : 'Standard';
    const size = Buffer.byteLength(value);
    if (size === 0) throw new AwsError('ValidationException', 'Parameter value must have a length of at least 1.');
    if (size > sizeLimits[tier]) {
      const hint =
        tier === 'Standard'
          ? ' To create a larger parameter value, upgrade the parameter to use the advanced-parameter tier.'
          : '';
      throw new AwsError(
        'ValidationException',
        `${tier} tier parameters support a maximum parameter value of ${sizeLimits[tier]} characters.${hint}`,
      );
    }
    const version = (present?.version ?? 0) + 1;
    const entry: StoredParameter = { name, value, type, tier, version, modifiedAt: new Date(), modifiedBy };
    this.versions.set(name, [...(this.versions.get(name) ?? []), entry]);
    return entry;
  }

  delete(name: string): boolean {
    return this.versions.delete(name);
  }
}

/** A parameter in the SDK's shape. Secure strings come out unreadable unless decryption is asked for. */
export function describeParameter(entry: StoredParameter, arnPrefix: string, decrypt: boolean | undefined): Parameter {
  const hidden = entry.type === 'SecureString' && decrypt !== true;
  return {
    Name: entry.name,
    Type: entry.type,
    Value: hidden ? Buffer.from(`encrypted:${entry.name}:${entry.version}`).toString('base64') : entry.value,
    Version: entry.version,
    LastModifiedDate: entry.modifiedAt,
    ARN: `${arnPrefix}${entry.name.startsWith('/') ? '' : '/'}${entry.name}`,
    DataType: 'text',
  };
}
