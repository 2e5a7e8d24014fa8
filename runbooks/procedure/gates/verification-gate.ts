import type { Database } from '../../ports/database';
import type { World } from '../../ports/world';
import { no, quality, yes, type Gate } from '../gate';

/** The last full verification is clean and young enough, and nothing differed during the hold. */
export const verificationGate = (world: World, primary: Database): Gate =>
  quality('The data is proven equal', async (signal) => {
    const { maxVerificationAgeSeconds, consistencyHoldSeconds } = world.manifest.gates;
    const history = await primary.control.verifications(signal);
    const last = history.at(-1);
    if (!last)
      return no({
        code: 'never-verified',
        text: 'no full verification stands on record',
        setting: 'gates.maxVerificationAgeSeconds',
        next: 'cutover verify --execute',
      });
    const now = await primary.flow.engineClockMilliseconds(signal);
    const ageSeconds = Math.round((now - last.finishedAtMilliseconds) / 1000);
    if (last.divergentRows > 0 || last.unverifiedTables.length > 0)
      return no({
        code: 'verification-not-clean',
        text: `the last verification found ${last.divergentRows} divergent rows${last.unverifiedTables.length > 0 ? ` and could not verify ${last.unverifiedTables.join(', ')}` : ''}`,
        value: last.divergentRows,
        limit: 0,
        unit: 'rows',
        next: 'cutover verify --execute',
      });
    if (ageSeconds > maxVerificationAgeSeconds)
      return no({
        code: 'verification-too-old',
        text: `the last clean verification is ${ageSeconds} s old, ${maxVerificationAgeSeconds} s are allowed`,
        value: ageSeconds,
        limit: maxVerificationAgeSeconds,
        unit: 's',
        setting: 'gates.maxVerificationAgeSeconds',
        next: 'cutover verify --execute',
      });
    const lastDirty = history.filter((each) => each.divergentRows > 0).at(-1);
    const cleanSince = history.find(
      (each) => !lastDirty || each.finishedAtMilliseconds > lastDirty.finishedAtMilliseconds,
    );
    const heldSeconds = cleanSince ? Math.round((now - cleanSince.finishedAtMilliseconds) / 1000) : 0;
    if (heldSeconds < consistencyHoldSeconds)
      return no({
        code: 'consistency-not-held',
        text: `consistent for ${heldSeconds} s, ${consistencyHoldSeconds} s are asked for`,
        value: heldSeconds,
        limit: consistencyHoldSeconds,
        unit: 's',
        setting: 'gates.consistencyHoldSeconds',
        next: 'cutover verify --execute',
      });
    return yes(`${last.rows} rows, ${ageSeconds} s ago`);
  });
