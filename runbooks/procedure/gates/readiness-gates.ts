import { waivedFor } from '../../../definition/replication/selected-tables';
import type { Database } from '../../ports/database';
import type { World } from '../../ports/world';
import { wordsOf } from '../engine-words/words-of';
import { no, quality, yes, type Gate } from '../gate';
import { pairSequences, waivesSequence } from '../paired-sequences';
import { alarmsAreQuiet } from './dms-gates';

/** The side that shall serve is ready to. */
export const readinessGates = (world: World, to: Database): Gate[] => {
  const { gates, databases } = world.manifest;
  return [
    quality(`The planner of the ${to.side} has statistics`, async (signal) => {
      const without = await to.fitness.tablesWithoutStatistics(signal);
      if (without.length === 0) return yes();
      return no({
        code: 'no-statistics',
        text: `never analysed on the ${to.side}: ${without.join(', ')}; without statistics its first plans are guesses`,
        value: without.length,
        limit: 0,
        setting: 'tables',
        next: wordsOf(world.manifest, to.side).analyse(without),
      });
    }),
    quality(`The ${to.side} is backed up`, async (signal) => {
      const instance = databases[to.side].instanceIdentifier;
      if (!instance) return yes('not an RDS database: its backups are your own');
      const days = await world.surroundings.backupRetentionDays(instance, signal);
      if (days !== undefined && days >= gates.minBackupRetentionDays) return yes(`${days} days`);
      return no({
        code: 'no-backups',
        text: `${instance} keeps backups for ${days ?? 0} days, ${gates.minBackupRetentionDays} are asked for`,
        value: days ?? 0,
        limit: gates.minBackupRetentionDays,
        unit: 'days',
        setting: 'gates.minBackupRetentionDays',
        next: `aws rds modify-db-instance --db-instance-identifier ${instance} --backup-retention-period ${gates.minBackupRetentionDays} --apply-immediately`,
      });
    }),
    quality('The alarms are quiet', alarmsAreQuiet(world)),
    quality('Every sequence has room', async (signal) => {
      for (const database of Object.values(world.sides))
        for (const sequence of await database.sequences.readSequences(signal)) {
          const maximum = BigInt(sequence.maximum);
          const room = Number(((maximum - BigInt(sequence.lastValue)) * 10000n) / maximum) / 100;
          if (room < gates.minSequenceRoomPercent)
            return no({
              code: 'sequence-near-end',
              text: `${sequence.name} on the ${database.side} stands at ${sequence.lastValue} of ${sequence.maximum}: ${room} % of its values are left, ${gates.minSequenceRoomPercent} % are asked for`,
              value: room,
              limit: gates.minSequenceRoomPercent,
              unit: '%',
              setting: 'gates.minSequenceRoomPercent',
              next: `widen the column that ${sequence.name} feeds, and what counts: ${wordsOf(world.manifest, database.side).widen(sequence.name)}`,
            });
        }
      return yes();
    }),
    quality('Every sequence stands on both sides', async (signal) => {
      const { source, target } = world.sides;
      const [ofSource, ofTarget] = await Promise.all(
        [source, target].map((database) => database.sequences.readSequences(signal)),
      );
      const isWaived = waivesSequence(world.manifest);
      const alone = [
        ...pairSequences(ofSource ?? [], ofTarget ?? []).alone.map((each) => ({ ...each, has: source, lacks: target })),
        ...pairSequences(ofTarget ?? [], ofSource ?? []).alone.map((each) => ({ ...each, has: target, lacks: source })),
      ].filter((each) => !isWaived(each));
      if (alone.length === 0) return yes();
      return no({
        code: 'sequence-on-one-side',
        text: `${alone.map(({ name, has, lacks }) => `${name} of the ${has.side} has no counterpart on the ${lacks.side}`).join('; ')}; new keys could fall back to old ones there`,
        value: alone.length,
        limit: 0,
        setting: 'waivers',
        next: `let the column count by itself on both sides (AUTO_INCREMENT, identity or a sequence), or waive "schema" by name with a reason`,
      });
    }),
  ];
};

/** What replication out of a side needs: the log is logical, slots are free. */
export const settingsGate = (database: Database): Gate =>
  quality(`The ${database.side} can be replicated from`, async (signal) => {
    const faults = await database.fitness.settingFaults(signal);
    if (faults.length === 0) return yes();
    return no({
      code: 'setting-fault',
      text: `on the ${database.side}: ${faults.map((each) => `${each.setting} is ${each.value}, needed is ${each.needed}`).join('; ')}`,
      value: faults[0]?.value,
      limit: faults[0]?.needed,
      setting: faults[0]?.setting,
      next: 'change the parameter group; some parameters need a reboot',
    });
  });

export const keysGate = (world: World): Gate =>
  quality('Every table has a key', async (signal) => {
    const isWaived = waivedFor(world.manifest.tables, 'table-without-key');
    const without = (await world.sides.source.fitness.tablesWithoutKey(signal)).filter((table) => !isWaived(table));
    if (without.length === 0) return yes();
    return no({
      code: 'table-without-key',
      text: `no primary key: ${without.join(', ')}; updates and deletes there are not replicated`,
      value: without.length,
      limit: 0,
      setting: 'waivers',
      next: 'add a primary key, exclude the table, or waive it by name with a reason',
      waivable: { check: 'table-without-key', tables: without },
    });
  });
