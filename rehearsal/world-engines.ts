import { join } from 'node:path';
import type { Credentials } from './credentials';
import { createCertificateAuthority } from './engines/certificate-authority';
import { databaseName, type LocalPlace } from './local-place';
import type { RehearsalAddresses } from './processes/addresses';
import type { Guardian } from './processes/guardian';
import { writeSecretFile } from './processes/run-folder';
import { typescriptArguments } from './processes/typescript-arguments';
import type { Scenario } from './scenarios/scenario';
import type { Engines, Shape, Side } from './shapes/shape';
import { adoptEngine } from './staging/adopted-engine';
import { clearAway } from './staging/clear-away';
import { hold } from './staging/hold';
import { madeSlots } from './staging/made-names';
import type { StagingPair } from './staging/staging-pair';

/** The databases of a world. */
export interface WorldEngines {
  readonly engines: Engines;
  readonly databases: LocalPlace['databases'];
  /** Ends what was started, or gives back what was adopted. @returns what people should know of it */
  readonly release: () => Promise<readonly string[]>;
}

interface Start {
  readonly scenario: Scenario;
  readonly shape: Shape;
  readonly addresses: RehearsalAddresses;
  readonly credentials: Credentials;
  readonly runFolder: string;
  readonly guardian: Guardian;
  readonly settings?: Readonly<Record<string, string>>;
  readonly mysqlServer?: string;
}

/** Engines of the rehearsal's own, with certificates of an authority of its own. */
export async function startEngines({ addresses, shape, scenario, ...start }: Start): Promise<WorldEngines> {
  const authority = await createCertificateAuthority();
  const place = (side: Side) => ({
    ...addresses[side],
    database: scenario.database,
    tlsServerName: databaseName(scenario.name, side),
    certificateAuthorityPem: authority.certificatePem,
  });
  const engine = async (side: Side) => {
    const { host, port, tlsServerName } = place(side);
    const tls = { ...(await authority.issue([tlsServerName])), authorityPem: authority.certificatePem };
    return shape.startEngine(side, { ...start, name: side, host, port, tls });
  };
  const [source, target] = await Promise.all([engine('source'), engine('target')]);
  return {
    engines: { source, target },
    databases: { source: place('source'), target: place('target') },
    release: async () => {
      await Promise.all([source.stop(), target.stop()]);
      return [];
    },
  };
}

/**
 * Somebody's running servers. From here on everything that the rehearsal makes there is taken away at its end, also when
 * this process is killed: then the guardian does it. `letGo` gives up the lock on them alone.
 */
export async function adoptEngines(
  pair: StagingPair,
  { scenario, credentials, runFolder, guardian }: Pick<Start, 'scenario' | 'credentials' | 'runFolder' | 'guardian'>,
): Promise<WorldEngines & { letGo: () => Promise<void> }> {
  const slots = madeSlots(scenario);
  for (const { administrator } of [pair.source, pair.target]) credentials.keep(administrator.password);
  const letGo = await hold(pair);
  try {
    const configuration = writeSecretFile(runFolder, 'clear-away.json', JSON.stringify({ pair, slots }));
    const program = join(__dirname, 'staging', 'clear-away-process.ts');
    guardian.atTheEnd([process.execPath, ...typescriptArguments(), program, configuration]);
    const log = (side: Side) => writeSecretFile(runFolder, `${side}.log`, '');
    const [source, target] = await Promise.all([
      adoptEngine(pair.source, log('source')),
      adoptEngine(pair.target, log('target')),
    ]);
    return {
      engines: { source, target },
      databases: { source: pair.source, target: pair.target },
      letGo,
      release: async () => {
        const said = await clearAway(pair, slots);
        guardian.atTheEnd(undefined);
        await letGo();
        return [
          ...said,
          `what stays: the rows of ${pair.source.database} and of ${pair.target.database}, as the clients left them`,
        ];
      },
    };
  } catch (error) {
    await letGo();
    throw error;
  }
}
