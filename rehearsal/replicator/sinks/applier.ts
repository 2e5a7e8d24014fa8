import type { TransactionPart } from '../change-queue';
import type { ApplyTarget, PieceWriter } from './piece-writer';

/** Applies source transactions in their order, each in one transaction of the target; small ones may share one. */
export class Applier<Step> {
  private readonly target: ApplyTarget<Step>;
  private readonly writer: PieceWriter<Step>;

  constructor(target: ApplyTarget<Step>, writer: PieceWriter<Step>) {
    this.target = target;
    this.writer = writer;
  }

  /**
   * One transaction of the target, or one piece of a larger one when the last part carries no commit.
   * `more` goes into the same transaction as the position.
   */
  async apply(parts: TransactionPart[], more: Step[] = []): Promise<void> {
    const changes = parts.flatMap((part) => part.changes);
    const position = parts.at(-1)?.commit?.position;
    const last = position === undefined ? undefined : [this.target.savePosition(position), ...more];
    if (await this.writer.atOnce(changes, last)) return;
    // A group of whole transactions holds a refused change: each is applied by itself, so the good ones stand.
    if (parts.length > 1) for (const part of parts) await this.apply([part], more);
    else await this.writer.rowByRow(changes, last);
  }
}
