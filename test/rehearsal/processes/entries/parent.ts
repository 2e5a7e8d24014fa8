import path from 'node:path';
import { createCertificateAuthority } from '../../../../rehearsal/engines/certificate-authority';
import { startPostgres } from '../../../../rehearsal/engines/postgres';
import { chooseAddresses } from '../../../../rehearsal/processes/addresses';
import { startGuardian } from '../../../../rehearsal/processes/guardian';
import { isolatedEnvironment } from '../../../../rehearsal/processes/isolated-environment';
import { createRunFolder } from '../../../../rehearsal/processes/run-folder';
import { spawnProcess } from '../../../../rehearsal/processes/spawn';

/** A small rehearsal: an engine, a child that behaves, with `--stubborn` one that ignores every plea. Then it waits to be ended. */
const stubborn = 'process.on(\'SIGTERM\', () => {}); console.log(\'{"type":"ready"}\'); setInterval(() => {}, 1000)';

async function main(): Promise<void> {
  const runFolder = createRunFolder();
  const guardian = startGuardian(runFolder);
  const environment = isolatedEnvironment({ runFolder, endpointUrl: 'http://127.0.0.1:9', region: 'eu-central-1' });
  const common = { environment, runFolder, guardian };
  const children = [
    spawnProcess({ ...common, name: 'child', entry: path.join(__dirname, 'child.ts'), configuration: {} }),
  ];
  if (process.argv.includes('--stubborn')) {
    children.push(spawnProcess({ ...common, name: 'stubborn', command: [process.execPath, '-e', stubborn] }));
  }
  const { host, port } = (await chooseAddresses()).source;
  const authority = await createCertificateAuthority();
  const engine = await startPostgres({
    ...{ majorVersion: 15, runFolder, name: 'source', host, port, superuserPassword: 'secret', guardian },
    tls: { ...(await authority.issue([host])), authorityPem: authority.certificatePem },
  });
  await Promise.all(children.map((child) => child.ready));
  const processIds = [guardian.processId, engine.processId, ...children.map((child) => child.processId)];
  process.stdout.write(`${JSON.stringify({ runFolder, processIds, host, port })}\n`);
}

main().catch((error: unknown) => {
  process.stderr.write(`${error instanceof Error ? error.stack : String(error)}\n`);
  process.exit(1);
});
