import type { ResourceRecordSet } from '@aws-sdk/client-route-53';

/** One accepted change of a hosted zone, with the whole zone as it stands after it. */
export interface ZoneChange {
  /** The change's id without the `/change/` prefix; the snapshot a new subscriber gets carries the latest one. */
  readonly changeId: string;
  /** The zone's name with its final dot. */
  readonly zoneName: string;
  /** Every record set of the zone, so that a listener needs no memory of earlier changes. */
  readonly records: ResourceRecordSet[];
}

/**
 * What the endpoint's Route 53 tells the authoritative name servers. A subscriber hears each zone's present state at
 * once, then every change in the order in which it was accepted.
 */
export interface ZoneFeed {
  subscribe(listener: (change: ZoneChange) => void): void;
}
