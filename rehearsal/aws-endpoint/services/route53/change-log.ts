import { newId } from './zone-store';

/** A change on its way to the name servers. */
export interface PendingChange {
  readonly id: string;
  readonly zoneId: string;
  readonly number: number;
  readonly submittedAt: Date;
  readonly comment: string | undefined;
  readonly applied: Set<number>;
  /** How many name servers answer for the zone. */
  readonly servers: number;
}

/**
 * Accepted changes and which name servers have them. A server that reports a change has all earlier ones of the same
 * zone, because each change carries the whole zone.
 */
export class ChangeLog {
  private readonly changes = new Map<string, PendingChange>();
  accept(zoneId: string, servers: number, comment: string | undefined): PendingChange {
    const id = newId('C');
    const number = this.changes.size;
    const change = { id, zoneId, number, servers, submittedAt: new Date(), comment, applied: new Set<number>() };
    this.changes.set(id, change);
    return change;
  }

  find(id: string): PendingChange | undefined {
    return this.changes.get(id);
  }

  /** A name server says that it answers with this change; an unknown id is a snapshot from before any change. */
  applied(serverIndex: number, changeId: string): void {
    const reported = this.changes.get(changeId);
    if (reported === undefined) return;
    for (const change of this.changes.values()) {
      if (change.zoneId === reported.zoneId && change.number <= reported.number) change.applied.add(serverIndex);
    }
  }

  isInSync(change: PendingChange): boolean {
    return change.applied.size >= change.servers;
  }
}
