import type { ResourceRecordSet } from '@aws-sdk/client-route-53';
import type { ZoneChange, ZoneFeed } from '../../../rehearsal/name-server/zone-feed';

/** A feed that a test writes to. */
export class WrittenFeed implements ZoneFeed {
  private readonly listeners: ((change: ZoneChange) => void)[] = [];
  private readonly latest = new Map<string, ZoneChange>();

  subscribe(listener: (change: ZoneChange) => void): void {
    this.listeners.push(listener);
    for (const change of this.latest.values()) listener(change);
  }

  write(changeId: string, zoneName: string, records: ResourceRecordSet[]): void {
    const change = { changeId, zoneName, records };
    this.latest.set(zoneName, change);
    for (const listener of this.listeners) listener(change);
  }
}

export function record(Name: string, Type: string, TTL: number, ...values: string[]): ResourceRecordSet {
  return { Name, Type: Type as ResourceRecordSet['Type'], TTL, ResourceRecords: values.map((Value) => ({ Value })) };
}

export function weighted(recordSet: ResourceRecordSet, SetIdentifier: string, Weight: number): ResourceRecordSet {
  return { ...recordSet, SetIdentifier, Weight };
}
