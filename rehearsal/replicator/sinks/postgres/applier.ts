import type { TransactionPart } from '../../change-queue';
import type { ApplyTools } from './apply-tools';
import { PieceWriter } from './piece-writer';
import type { Step } from './pipeline';

/** Applies source transactions in their order, each in one transaction of the target; small ones may share one. */
export class Applier {
  private readonly tools: ApplyTools;
  private readonly writer: PieceWriter;

  constructor(tools: ApplyTools, writer: PieceWriter) {
    this.tools = tools;
    this.writer = writer;
  }

  /**
   * One transaction of the target, or one piece of a larger one when the last part carries no commit.
   * `more` goes into the same transaction as the position.
   */
  async apply(parts: TransactionPart[], more: Step[] = []): Promise<void> {
    const changes = parts.flatMap((part) => part.changes);
    const position = parts.at(-1)?.commit?.position;
    const last = position === undefined ? undefined : [this.savePosition(position), ...more];
    if (await this.writer.atOnce(changes, last)) return;
    // A group of whole transactions holds a refused change: each is applied by itself, so the good ones stand.
    if (parts.length > 1) for (const part of parts) await this.apply([part], more);
    else await this.writer.rowByRow(changes, last);
  }

  private savePosition(position: string): Step {
    return this.tools.control.savePosition((text) => this.tools.planner.statement(text), position);
  }
}
