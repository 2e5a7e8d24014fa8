import { NoSuchHostedZone } from '@aws-sdk/client-route-53';
import type { ChangeInfo } from '@aws-sdk/client-route-53';
import type { Route53Seed } from '../../seed-of-services';
import type { ZoneChange, ZoneFeed } from '../../../name-server/zone-feed';
import { ChangeLog } from './change-log';
import type { PendingChange } from './change-log';
import { makeZone, sorted } from './zone-store';
import type { Zone } from './zone-store';

/** The state that Route 53's operations share. */
export class Route53State {
  readonly zones = new Map<string, Zone>();
  readonly changes = new ChangeLog();
  readonly processingMilliseconds: number;
  /** A fault: changes never leave PENDING. */
  neverInSync = false;
  private readonly listeners: ((change: ZoneChange) => void)[] = [];

  constructor(seed: Route53Seed) {
    this.processingMilliseconds = seed.changeProcessingMilliseconds;
    for (const zone of seed.zones) this.zones.set(zone.id, makeZone(zone, seed.nameServers.length));
  }

  /** @throws NoSuchHostedZone */
  zone(id: string | undefined): Zone {
    const zone = this.zones.get((id ?? '').replace(/^\/?hostedzone\//, ''));
    if (zone !== undefined) return zone;
    throw new NoSuchHostedZone({ message: `No hosted zone found with ID: ${id ?? ''}`, $metadata: {} });
  }

  info(change: PendingChange): ChangeInfo {
    const inSync = !this.neverInSync && this.changes.isInSync(change);
    const status = inSync ? ('INSYNC' as const) : ('PENDING' as const);
    return { Id: `/change/${change.id}`, Status: status, SubmittedAt: change.submittedAt, Comment: change.comment };
  }

  /** Tells the name servers the zone as it stands. */
  publish(zone: Zone): void {
    for (const listener of this.listeners) listener(this.snapshot(zone));
  }

  /** What the name servers subscribe to. */
  readonly feed: ZoneFeed = {
    subscribe: (listener) => {
      this.listeners.push(listener);
      for (const zone of this.zones.values()) listener(this.snapshot(zone));
    },
  };

  private snapshot(zone: Zone): ZoneChange {
    return { changeId: zone.lastChangeId, zoneName: zone.name, records: sorted(zone) };
  }
}
