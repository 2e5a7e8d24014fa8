import { resolve } from 'node:path';
import { UsageError } from '../../runbooks/ports/failures';
import { exitCode } from '../../runbooks/procedure/exit-code';
import { messageOf } from '../../runbooks/procedure/journal';
import { readSituation } from '../../runbooks/procedure/read-situation';
import { underWay, type MigrationReading } from '../../review/under-way';
import type { Wiring } from '../context';

export interface ReviewOptions {
  readonly base?: string;
  readonly head?: string;
  readonly accepted: string;
  readonly live?: boolean;
  readonly environment?: string;
}

/** Dangers in the difference of two assemblies as Markdown, or with --live: what a deploy would disturb right now. */
export async function review(options: ReviewOptions, wiring: Wiring, signal: AbortSignal): Promise<number> {
  try {
    return options.live ? await reviewLive(options, wiring, signal) : await reviewFolders(options);
  } catch (error) {
    process.stderr.write(`${messageOf(error)}\n`);
    if (error instanceof UsageError && error.next) process.stderr.write(`next: ${error.next}\n`);
    return error instanceof UsageError ? exitCode.usage : exitCode.failed;
  }
}

async function reviewFolders({ base, head, accepted }: ReviewOptions): Promise<number> {
  if (!base || !head)
    throw new UsageError(
      'review-usage',
      "a review compares two synthesised assemblies, each the output of npx cdk synth '**' --output DIR, or asks the migrations themselves with --live --environment NAME",
      { next: 'cutover review --help' },
    );
  // The template differ is large; no other verb needs it.
  // eslint-disable-next-line @typescript-eslint/no-require-imports
  const { runReview } = require('../../review/run-review') as typeof import('../../review/run-review');
  try {
    return runReview({ base: resolve(base), head: resolve(head), acceptedFile: resolve(accepted) }, (text) =>
      process.stdout.write(text),
    );
  } catch (cause) {
    throw new UsageError('review-usage', messageOf(cause), { cause });
  }
}

async function reviewLive({ environment }: ReviewOptions, wiring: Wiring, signal: AbortSignal): Promise<number> {
  if (!environment || !wiring.migrationsOf)
    throw new UsageError('review-usage', '--live needs --environment NAME', {
      next: 'cutover review --live --environment NAME',
    });
  const migrations = await wiring.migrationsOf(environment, signal);
  const readings: MigrationReading[] = [];
  // What never began needs no database: before its first start the accounts there may still be missing.
  for (const { migration } of migrations.filter((each) => each.hasBegun))
    readings.push(await readingOf(environment, migration, wiring, signal));
  const reasons = underWay(readings, new Date());
  for (const reason of reasons) process.stdout.write(`- ${reason}\n`);
  if (reasons.length === 0)
    process.stdout.write(
      `nothing is under way in ${environment} (migrations deployed: ${migrations.length}, begun: ${readings.length})\n`,
    );
  return reasons.length > 0 ? exitCode.refused : exitCode.done;
}

async function readingOf(
  environment: string,
  migration: string,
  { connect }: Wiring,
  signal: AbortSignal,
): Promise<MigrationReading> {
  const world = await connect({ environment, migration, mode: 'plan', signal });
  try {
    const { kind, primary, row } = await readSituation(world, signal);
    const holder = (await world.lock.read(signal))?.holder;
    const openedAt = row?.detail.openedAtMilliseconds;
    const windowIsOpen = kind === 'steady' && primary === 'target' && openedAt !== undefined;
    return {
      environment,
      migration,
      primary,
      phase: kind,
      isSwitching: kind === 'switching' || kind === 'opening' || kind === 'contradictory',
      ...(holder ? { heldBy: `${holder.name}, ${holder.verb}` } : {}),
      ...(windowIsOpen
        ? { rollbackUntil: new Date(openedAt + world.manifest.timing.rollbackWindowSeconds * 1000) }
        : {}),
    };
  } finally {
    await world.close();
  }
}
