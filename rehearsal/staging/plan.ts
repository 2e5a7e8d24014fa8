import type { Scenario } from '../scenarios/scenario';
import type { Findings } from './findings';
import type { Look } from './look';
import { madeAccounts, madeSchemas, notesSchema } from './made-names';
import type { StagingDatabase, StagingPair } from './staging-pair';

const listed = (names: readonly string[], most = 8): string =>
  names.length <= most ? names.join(', ') : `${names.slice(0, most).join(', ')} and ${names.length - most} more`;

/** What is in the way, each with what mends it. */
export const refusalOf = ({ problems }: Look): string =>
  [
    'These databases cannot be rehearsed with as they are:',
    ...problems.flatMap(({ side, what, mend }) => [`  ${side}: ${what}`, `      ${mend}`]),
    'Nothing was written.',
  ].join('\n');

/** What the rehearsal does to both servers, said before anything is written. */
export function planOf(pair: StagingPair, scenario: Scenario, look: Look): string {
  const { workload } = scenario;
  const { source, target } = pair;
  return [
    'A rehearsal writes to running databases:',
    ...(['source', 'target'] as const).map((side) => `  ${side}  ${place(pair[side], look[side])}`),
    '',
    ...leftovers(look),
    'It makes, and takes away at the end:',
    `  databases on the source and schemas on the target: ${[...madeSchemas, notesSchema].join(', ')}`,
    `  accounts on both: ${madeAccounts(scenario, 'source').join(', ')}`,
    '  a replication slot or two on the target, and the constraints that cutover check generates for its tables',
    'It writes, and this stays:',
    `  ${workload.clients} clients insert, update and delete rows in ${look.tables.length} tables of ${source.database} and then of ${target.database}: ` +
      listed(look.tables.map(({ id }) => id)),
    `  every row of these is loaded into ${target.database}, and sequences and AUTO_INCREMENT advance on both`,
    ...(look.filled.length > 0
      ? [`  FIRST THE TARGET'S TABLES ARE EMPTIED: ${listed(look.filled)} hold rows now, which are lost`]
      : []),
    ...others('source', look.source),
    ...others('target', look.target),
    ...(look.source.events.length > 0
      ? [`It stops these events of the source for as long as the target is primary: ${listed(look.source.events)}`]
      : []),
    'The servers are never stopped or restarted.',
  ].join('\n');
}

const place = ({ title, host, tlsServerName }: StagingDatabase, { product, serverName }: Findings): string =>
  `${title}: ${product} on ${serverName} (${host}, certificate of ${tlsServerName})`;

const leftovers = ({ source, target }: Look): string[] => {
  const since = source.leftBySince ?? target.leftBySince;
  return since === undefined
    ? []
    : [`A rehearsal of ${since} was killed and left things behind. These are taken away first.`, ''];
};

/** A fence locks the accounts of the rehearsal's own clients alone: nobody tells it the passwords of others. */
function others(side: 'source' | 'target', { others: names, connected }: Findings): string[] {
  if (names.length === 0) return [];
  const now = connected.length === 0 ? 'none of them is connected now' : `CONNECTED NOW: ${listed(connected)}`;
  return [
    `It leaves alone these accounts of the ${side}; what they write while it runs makes it fail: ${listed(names)}; ${now}`,
  ];
}
