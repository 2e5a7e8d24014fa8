import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

/** Service prefixes of IAM by client of the SDK (Service Authorization Reference). */
const prefixes: Record<string, string> = {
  'client-cloudformation': 'cloudformation',
  'client-cloudwatch': 'cloudwatch',
  'client-database-migration-service': 'dms',
  'client-rds': 'rds',
  'client-route-53': 'route53',
  'client-s3': 's3',
  'client-secrets-manager': 'secretsmanager',
  'client-sns': 'sns',
  'client-ssm': 'ssm',
  'client-sts': 'sts',
};

/** Operations whose action has another name; GetCallerIdentity needs no permission at all. */
const otherNames: Record<string, string | undefined> = {
  's3:ListObjectsV2': 's3:ListBucket',
  's3:HeadObject': 's3:GetObject',
  'sts:GetCallerIdentity': undefined,
};

const clients = Object.keys(prefixes).map((client) => {
  const folder = join('node_modules/@aws-sdk', client, 'dist-types/commands');
  return {
    prefix: prefixes[client] ?? '',
    commands: new Set(readdirSync(folder).map((file) => file.replace('.d.ts', ''))),
  };
});

/** Every IAM action that the AWS adapters of the runbooks need, from the commands that they construct. */
export function adapterActions(): string[] {
  const folder = 'runbooks/adapters/aws';
  const sources = readdirSync(folder).map((file) => readFileSync(join(folder, file), 'utf8'));
  const commands = sources.flatMap((source) =>
    [...source.matchAll(/new (?:\w+\.)?(\w+Command)\(/g)].map((match) => match[1]!),
  );
  const actions = [...new Set(commands)].flatMap((command) => {
    const owners = clients.filter((client) => client.commands.has(command));
    if (owners.length !== 1) throw new Error(`${command} belongs to ${owners.length} of the known clients`);
    const action = `${owners[0]!.prefix}:${command.replace(/Command$/, '')}`;
    const name = action in otherNames ? otherNames[action] : action;
    return name === undefined ? [] : [name];
  });
  return [...new Set(actions)].sort();
}
