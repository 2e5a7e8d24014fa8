import type { NeutralTable } from '../application/model/neutral-table';
import type { Side } from '../workload/configuration';
import { appliedBeforeOpen, nothingLostOnTheWayBack } from './applied-before-open';
import { gatherFacts, openSides } from './engine-facts';
import { exactlyOnce, touchedKeys, type WriteCounts } from './exactly-once';
import { readFinalRows, readNeutralRows, type FinalRows } from './final-rows';
import { type Finding, finding, type Invariant, notExercised } from './finding';
import { chainViolations, type JournalHead, type JournalObject } from './journal-chain';
import { loadLedger } from './ledger-view';
import { newKeys } from './new-keys';
import { oneSideWrites } from './one-side-writes';
import { applicationCommits, type OperatorWindow, phasesOf } from './phases';
import type { LoggedCall, RecordSet } from './request-log';
import { routing } from './routing';
import { type Captured, leaks } from './secrets';
import { isMysql, type SideConnection } from './side-connection';
import { pausesWithinBudget, quietestSecond, type Switch, switchesOf } from './write-pause';

/** Evidence that only a caller with its own experiment can give. */
type OwnEvidence = Partial<Record<'I7' | 'I8' | 'I9' | 'I10', () => Promise<Finding> | Finding>>;

export interface JudgeInput {
  ledgerFile: string;
  /** As whoever administers the engine, with each side's own TLS name. */
  connections: Record<Side, SideConnection>;
  /** Where the engines differ: what stands on both, and how rows are compared. */
  tables?: readonly NeutralTable[];
  writeAccounts: string[];
  /** After `finalize` nothing follows the primary any longer. */
  replicationEnded?: boolean;
  /** Runs of operators that could change the primary. */
  windows: OperatorWindow[];
  maxWritePauseMilliseconds: number;
  routing?: { calls: LoggedCall[]; initial: RecordSet[]; writeRecord: string; endpoints: Record<Side, string> };
  journal?: { objects: JournalObject[]; heads: JournalHead[] };
  captured: Captured[];
  secrets: string[];
  evidence?: OwnEvidence;
}

export interface Judgement extends WriteCounts {
  /** The side that lets the application's write accounts log in, as the engines say; else the last one that took writes. */
  primary: Side;
  /** Exactly one side in a sound end. */
  openAtEnd: Side[];
  invariants: Record<Invariant, Finding>;
  writesAcceptedByBothSides: number;
  switches: Switch[];
  /** The fewest acknowledged writes in a whole second without a pause. */
  quietestSecond?: { at: number; acknowledged: number };
}

/**
 * Judges a rehearsal whose workload has ended and whose replication has caught up: from its ledger, from both engines, from the AWS endpoint's log and from
 * the journal's bytes, never from what the product says of itself. Throws when a side cannot be read.
 */
export async function judge(input: JudgeInput): Promise<Judgement> {
  const ledger = await loadLedger(input.ledgerFile);
  const facts = await gatherFacts(ledger, input.connections, input.writeAccounts, input.tables);
  const commits = applicationCommits(ledger, facts);
  const phases = phasesOf(commits, input.windows);
  const open = openSides(facts);
  // Where the end is not sound, the side that took the last writes is the one that must hold them.
  const primary = open.length === 1 ? (open[0] as Side) : (phases.phases.at(-1)?.side ?? 'source');
  const rows = await finalRows(input, primary, touchedKeys(ledger));
  const once = exactlyOnce(ledger, facts, facts[primary], rows);
  const switches = switchesOf(ledger, input.windows);
  return {
    primary,
    openAtEnd: open,
    ...once.counts,
    writesAcceptedByBothSides: phases.strays.length,
    switches,
    quietestSecond: quietestSecond(ledger, switches),
    invariants: {
      I1: once.finding,
      I2: oneSideWrites(commits, phases, ledger, open, facts),
      I3: appliedBeforeOpen(ledger, facts, phases),
      I4: newKeys(ledger, facts, phases),
      I5: nothingLostOnTheWayBack(ledger, facts, phases, !input.replicationEnded),
      I6: routingFinding(input, primary, ledger.routes),
      ...(await ownFindings(input.evidence ?? {})),
      I11: pausesWithinBudget(switches, input.maxWritePauseMilliseconds, open),
      I12: journalFinding(input),
    },
  };
}

async function finalRows(
  { connections, tables }: JudgeInput,
  primary: Side,
  keys: Map<string, string[][]>,
): Promise<FinalRows> {
  const connection = connections[primary];
  if (tables !== undefined) return readNeutralRows(connection, primary, tables, keys);
  if (isMysql(connection))
    throw new Error('The rows of a MySQL side are compared by the tables that stand on both sides.');
  return readFinalRows(connection, keys);
}

function routingFinding(
  { routing: given, windows }: JudgeInput,
  primary: Side,
  routes: Parameters<typeof routing>[0]['routes'],
): Finding {
  if (given === undefined) return notExercised("no log of the AWS endpoint's requests was given");
  return routing({ ...given, routes, windows, primaryEndpoint: given.endpoints[primary] });
}

async function ownFindings(evidence: OwnEvidence): Promise<Record<keyof OwnEvidence, Finding>> {
  const of = async (invariant: keyof OwnEvidence) =>
    (await evidence[invariant]?.()) ?? notExercised('this rehearsal makes no experiment for it');
  return { I7: await of('I7'), I8: await of('I8'), I9: await of('I9'), I10: await of('I10') };
}

function journalFinding({ journal, captured, secrets }: JudgeInput): Finding {
  const how =
    "every run's journal hashed anew from its objects' bytes and compared with what both databases remember; every " +
    'planted secret looked for, plainly and encoded, in all captured outputs, logs and journal objects';
  const objects = journal?.objects ?? [];
  const texts = [...captured, ...objects.map(({ key, body }) => ({ name: key, text: body }))];
  const violations = [...chainViolations(objects, journal?.heads ?? []), ...leaks(texts, secrets)];
  if (journal === undefined && violations.length === 0) return notExercised(how);
  return finding(how, violations, [`${objects.length} records, ${secrets.length} secrets, ${texts.length} texts`]);
}
