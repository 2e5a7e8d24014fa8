import type { Direction, SideName } from '../../../definition/manifest/sections';
import type { ControlState, Outcome, StateRow, VerificationRecord } from '../../../runbooks/ports/control-state';
import type { Database } from '../../../runbooks/ports/database';
import type { Effect } from '../../../runbooks/ports/effect';
import { StaleEpochError } from '../../../runbooks/ports/failures';

/** What one side has committed, in order. Application rows carry an id, flow rows what they are. */
export interface LogEntry {
  readonly kind: 'application' | 'marker' | 'heartbeat';
  readonly direction?: Direction;
  readonly id: string;
  /** When it was committed on the side where it came from. */
  readonly at?: number;
  /** The replication that brought it here. */
  readonly broughtBy?: Direction;
}

/** One database, as far as procedures see it; it outlives the operators that die. */
export class SimulatedSide {
  readonly name: SideName;
  readonly log: LogEntry[] = [];
  epoch = 0;
  installed = false;
  row: StateRow | undefined;
  readonly decisions = new Map<number, Outcome>();
  readonly verifications: VerificationRecord[] = [];
  unlocked = true;
  /** It does not answer, and nothing reaches it. */
  gone = false;
  fencedByUs = false;
  sequence = 100n;
  readonly slots = new Map<string, number>();
  private beats = 0;

  constructor(name: SideName) {
    this.name = name;
  }

  has = (id: string): boolean => this.log.some((entry) => entry.id === id);
  commit(entry: LogEntry): void {
    this.log.push(entry);
  }
  nextBeat = (): number => (this.beats += 1);
}

/** The ports of one side, as one operator holds them: its effects carry its epoch. */
export function databaseOn(side: SimulatedSide, clock: () => number, settle: () => void): Database {
  let mine = 0;
  const guarded = (name: string, isTrue: () => boolean, change: () => void): Effect => ({
    name: `${name}-${side.name}`,
    touches: side.name,
    precheck: async () => isTrue(),
    act: async () => {
      if (side.epoch !== mine)
        throw new StaleEpochError(`${side.name} stands at epoch ${side.epoch}, this run has ${mine}`);
      change();
    },
    verify: async () => isTrue(),
  });
  const once = (name: string, change: () => void): Effect => {
    let done = false;
    return guarded(
      name,
      () => done,
      () => {
        change();
        done = true;
      },
    );
  };
  const same = (a: unknown, b: unknown) => JSON.stringify(a) === JSON.stringify(b);

  const control: ControlState = {
    install: () => ({
      name: `install-${side.name}`,
      touches: side.name,
      precheck: async () => side.installed,
      act: async () => void (side.installed = true),
      verify: async () => side.installed,
    }),
    readState: async () => side.row,
    writeState: (row) =>
      guarded(
        'write-state',
        () => same(side.row, row),
        () => void (side.row = row),
      ),
    readDecision: async (switchEpoch) => side.decisions.get(switchEpoch),
    decide: (switchEpoch, _direction, outcome, row) =>
      guarded(
        `decide-${outcome}`,
        () => side.decisions.get(switchEpoch) === outcome,
        () => {
          if (side.decisions.has(switchEpoch)) return;
          side.decisions.set(switchEpoch, outcome);
          if (outcome === 'open') side.row = row;
        },
      ),
    raiseEpoch: (epoch) => ({
      name: `raise-epoch-${side.name}`,
      touches: side.name,
      precheck: async () => side.epoch === epoch,
      act: async () => {
        if (side.epoch > epoch) throw new StaleEpochError('raised higher already');
        side.epoch = epoch;
      },
      verify: async () => side.epoch === epoch,
    }),
    recordVerification: (result) => once('record-verification', () => side.verifications.push(result)),
    verifications: async () => side.verifications,
    writeJournalHead: async () => undefined,
    readJournalHead: async () => undefined,
  };
  return {
    side: side.name,
    title: `simulated ${side.name}`,
    control,
    gate: {
      read: async () => ({
        unlockedAccounts: side.unlocked ? ['app'] : [],
        fencedAccounts: side.fencedByUs ? ['app'] : [],
        missingAccounts: [],
      }),
      fence: () =>
        guarded(
          'fence',
          () => !side.unlocked && side.fencedByUs,
          () => {
            side.unlocked = false;
            side.fencedByUs = true;
          },
        ),
      endSessions: () => once('end-sessions', () => undefined),
      open: () =>
        guarded(
          'open',
          () => side.unlocked,
          () => {
            side.unlocked = true;
            side.fencedByUs = false;
          },
        ),
      whyNotFenced: async () => (side.unlocked ? { code: 'open', text: 'still open' } : undefined),
      whyNotClosed: async () => (side.unlocked ? { code: 'open', text: 'open again' } : undefined),
      rehearseFence: () => once('rehearse-fence', () => undefined),
      proveWrite: () =>
        once('prove-write', () => {
          if (!side.unlocked) throw new Error('refused');
        }),
    },
    sessions: {
      census: async () => [],
      openTransactions: async () => [],
      preparedTransactions: async () => [],
      ddlUnderWay: async () => [],
    },
    flow: {
      writeMarker: (direction, nonce) =>
        guarded(
          'write-marker',
          () => side.has(nonce),
          () => side.commit({ kind: 'marker', direction, id: nonce, at: clock() }),
        ),
      markerSeen: async (_direction, nonce) => {
        settle();
        return side.has(nonce);
      },
      writeHeartbeat: (direction) =>
        once('heartbeat', () =>
          side.commit({ kind: 'heartbeat', direction, id: `beat-${side.name}-${side.nextBeat()}`, at: clock() }),
        ),
      readHeartbeat: async (direction) => {
        settle();
        const beats = side.log.filter((entry) => entry.kind === 'heartbeat' && entry.direction === direction);
        return beats.length === 0 ? undefined : { sequence: beats.length, writtenAtMilliseconds: clock() };
      },
      engineClockMilliseconds: async () => clock(),
    },
    arrivals: {
      newest: async (direction) => {
        const at = side.log.flatMap((entry) => (entry.broughtBy === direction ? [entry.at ?? 0] : []));
        return at.length === 0 ? undefined : { by: 'heartbeat', atMilliseconds: Math.max(...at) };
      },
      quietSeconds: async () => {
        settle();
        return 60;
      },
    },
    sequences: {
      highestStored: async () => new Map(),
      readSequences: async () => [
        { name: 's', feeds: [], lastValue: String(side.sequence), increment: '1', maximum: '9223372036854775807' },
      ],
      advanceSequences: (values) => {
        const wanted = BigInt(values.get('s') ?? '0');
        return guarded(
          'advance-sequences',
          () => side.sequence >= wanted,
          () => void (side.sequence = wanted),
        );
      },
    },
    slots: {
      readSlot: async (name) => {
        const position = side.slots.get(name);
        return position === undefined
          ? undefined
          : { name, active: false, confirmedPosition: String(position), retention: 'reserved', retainedBytes: 0 };
      },
      readRetention: async () => ({ endangered: [] }),
      inUse: async () => [],
      idle: async () => [],
      createSlot: (name) => once(`create-slot`, () => side.slots.set(name, side.log.length)),
      advanceSlot: (name) => once(`advance-slot`, () => side.slots.set(name, side.log.length)),
      dropSlot: (name) =>
        guarded(
          'drop-slot',
          () => !side.slots.has(name),
          () => void side.slots.delete(name),
        ),
    },
    fitness: {
      side: side.name,
      exceptionRows: async () => 0,
      suspendedTables: async () => [],
      undeclaredAccounts: async () => [],
      undeclaredSessions: async () => [],
      accountFaults: async () => [],
      missingPrivileges: async () => [],
      tableGrants: async () => [],
      missingGrants: async () => [],
      settingFaults: async () => [],
      tablesWithoutKey: async () => [],
      firingTriggers: async () => [],
      tablesWithoutStatistics: async () => [],
    },
    reader: { query: async () => [] },
    analyse: () => once('analyse', () => undefined),
    adopt: async (epoch) => void (mine = epoch),
    close: async () => undefined,
  };
}
