import type { Database } from '../../../../runbooks/ports/database';
import type { LogRetention } from '../../../../runbooks/ports/slots';
import type { World } from '../../../../runbooks/ports/world';
import { retentionGates } from '../../../../runbooks/procedure/gates/retention-gates';
import type { SwitchRun } from '../../../../runbooks/procedure/migration-run';
import { simulatedManifest } from '../../simulation/simulated-manifest';

const never = new AbortController().signal;
const manifest = structuredClone(simulatedManifest);
manifest.databases.source.engine = 'mariadb';
manifest.timing.rollbackWindowSeconds = 3600;
const { forwardSlot, reverseSlot } = manifest.replication;

const side = (name: 'source' | 'target', retention: Partial<LogRetention>): Database =>
  ({
    side: name,
    slots: { readRetention: async () => ({ endangered: [], ...retention }) },
  }) as unknown as Database;

/** Back from PostgreSQL to MariaDB, so that MariaDB's log is what the next way reads. */
const asked = async (
  source: Partial<LogRetention>,
  target: Partial<LogRetention>,
  direction: 'forward' | 'reverse',
) => {
  const sides = { source: side('source', source), target: side('target', target) };
  const world = { manifest, sides } as unknown as World;
  const [from, to] = direction === 'forward' ? [sides.source, sides.target] : [sides.target, sides.source];
  const gates = retentionGates({ world, from, to, direction, notes: {} } as unknown as SwitchRun);
  return Promise.all(gates.map((gate) => gate.ask(never)));
};
const lost = (name: string) => [{ name, active: false, confirmedPosition: '0/0', retention: 'lost', retainedBytes: 0 }];

describe('the log of a side', () => {
  it('that goes by time must be kept for the whole window, and the statement for it is the engine’s', async () => {
    const [short] = await asked({ limitSeconds: 600 }, {}, 'reverse');
    expect(short).toMatchObject({
      answer: 'no',
      reason: { code: 'retention-too-short', value: 600, limit: 3600, unit: 's' },
    });
    expect(JSON.stringify(short)).toContain('SET GLOBAL binlog_expire_logs_seconds = 3600');
    expect((await asked({ limitSeconds: 3600 }, {}, 'reverse'))[0]).toMatchObject({ answer: 'yes' });
    expect((await asked({}, {}, 'reverse'))[0]).toMatchObject({ answer: 'yes', detail: 'the disk alone is the limit' });
  });

  it('that goes by size as well must hold what is written in the window', async () => {
    const limits = { limitSeconds: 7200, limitBytes: 1000 };
    expect((await asked(limits, { bytesPerSecond: 1 }, 'reverse'))[0]).toMatchObject({
      answer: 'no',
      reason: { code: 'retention-too-short', unit: 'bytes', limit: 3600 },
    });
    expect((await asked(limits, { bytesPerSecond: 0.1 }, 'reverse'))[0]).toMatchObject({ answer: 'yes' });
    expect((await asked(limits, {}, 'reverse'))[0]).toMatchObject({ answer: 'would check' });
    const [postgres] = await asked({ bytesPerSecond: 1 }, { limitBytes: 1000 }, 'forward');
    expect(JSON.stringify(postgres)).toContain('ALTER SYSTEM SET max_slot_wal_keep_size');
  });

  it('that is lost under a slot says no; under a position that replication has long left it does not', async () => {
    expect((await asked({ endangered: lost(forwardSlot) }, {}, 'forward'))[1]).toMatchObject({ answer: 'yes' });
    expect((await asked({ endangered: lost('another') }, {}, 'forward'))[1]).toMatchObject({
      answer: 'no',
      reason: { code: 'slot-losing-log', setting: 'binlog_expire_logs_seconds' },
    });
    expect((await asked({}, { endangered: lost(reverseSlot) }, 'reverse'))[1]).toMatchObject({
      answer: 'no',
      reason: { code: 'slot-losing-log', setting: 'max_slot_wal_keep_size' },
    });
  });
});
