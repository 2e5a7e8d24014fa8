import { readFileSync } from 'node:fs';
import { addressOf, rehearsalEnvironmentName, rehearsalRegion } from './local-place';
import { windowsOfJournal } from './practice';
import { journalBucket, weightedRecords } from './endpoint-contents';
import { fetchJournal, readJournalHeads } from './judge/journal-evidence';
import type { JudgeInput } from './judge/judge';
import { readRequestLog } from './judge/request-log';
import { administeredDatabase } from './shapes/administered-database';
import type { SideConnection } from './judge/side-connection';
import type { RehearsalWorld } from './world';

/** Verbs that may change which side is primary. */
const movers = new Set(['switch', 'roll-back', 'resume', 'abort']);

/** Everything that the judge looks at: ledger, engines, request log, journal objects, captured output. */
export async function gatherEvidence(world: RehearsalWorld): Promise<JudgeInput> {
  const { scenario, place, credentials, engines, definition, names, operator } = world;
  const session = (side: 'source' | 'target'): SideConnection => {
    const database = administeredDatabase(world, side);
    const { family, host, port, tlsServerName, caCertificatePem, administrator } = database;
    if (family === 'mysql') return { ...database, family };
    return {
      endpoint: { address: host, tlsServerName },
      ...{ port, database: database.database, account: administrator, caCertificatePem, applicationName: 'judge' },
    };
  };
  const connections = { source: session('source'), target: session('target') };
  const text = (name: string, file: string) => ({ name, text: readFileSync(file, 'utf8') });
  const objects = await fetchJournal({
    endpointUrl: `http://${addressOf(place.endpoint)}`,
    region: rehearsalRegion,
    bucket: journalBucket,
    prefix: `journal/${rehearsalEnvironmentName}/${scenario.name}/`,
  });
  const seen = operator.runs.map((run) => ({
    verb: run.verb,
    from: run.startedAtMilliseconds,
    until: run.finishedAtMilliseconds,
  }));
  const unseen = windowsOfJournal(objects).filter(
    ({ from }) => !seen.some((run) => run.from <= from && from <= run.until),
  );
  return {
    ledgerFile: world.ledgerFile,
    connections,
    tables: world.tables,
    writeAccounts: scenario.accounts.write,
    windows: [...seen, ...unseen].filter((run) => movers.has(run.verb)).sort((one, other) => one.from - other.from),
    replicationEnded:
      operator.runs.some((run) => run.verb === 'finalize' && run.exitCode === 0) ||
      unseen.some(({ verb }) => verb === 'finalize'),
    maxWritePauseMilliseconds: (definition.migrations[scenario.name]?.gates.maxWritePauseSeconds ?? 0) * 1000,
    routing: {
      calls: readRequestLog(world.requestLogFile),
      initial: weightedRecords(definition, scenario.name),
      writeRecord: names.write,
      endpoints: { ...names.endpoints },
    },
    journal: { objects, heads: await readJournalHeads(connections) },
    captured: [
      ...operator.runs.map((run, index) => ({
        name: `output ${index + 1} (${run.verb})`,
        text: `${run.events.map((event) => JSON.stringify(event)).join('\n')}\n${run.standardError}`,
      })),
      text('request log', world.requestLogFile),
      text('cloud log', world.cloud.logFile),
      text('replicator log', world.replicator.logFile),
      ...world.stacks.map(({ name, logFile }) => text(`${name} log`, logFile)),
      text('source engine log', engines.source.logFile),
      text('target engine log', engines.target.logFile),
    ],
    secrets: [...credentials.all],
  };
}
