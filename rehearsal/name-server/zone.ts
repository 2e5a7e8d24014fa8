import type { ResourceRecordSet } from '@aws-sdk/client-route-53';
import { normalName } from './record-data';

/** One hosted zone as it stands after a change, indexed for answering. */
export class Zone {
  readonly name: string;
  private readonly byName = new Map<string, ResourceRecordSet[]>();
  /** Names that exist because something stands below them (RFC 8020): they answer "no data", not "no such name". */
  private readonly between = new Set<string>();

  constructor(zoneName: string, records: readonly ResourceRecordSet[]) {
    this.name = normalName(zoneName);
    for (const recordSet of records) {
      const name = normalName(recordSet.Name ?? '');
      this.byName.set(name, [...(this.byName.get(name) ?? []), recordSet]);
      for (let parent = parentOf(name); this.contains(parent); parent = parentOf(parent)) this.between.add(parent);
    }
  }

  contains(name: string): boolean {
    return name === this.name || name.endsWith(`.${this.name}`);
  }

  /** The record sets of a name, of all types; those of a covering wildcard where the name itself does not exist. */
  at(name: string): readonly ResourceRecordSet[] | undefined {
    const own = this.byName.get(name);
    if (own !== undefined || this.between.has(name)) return own ?? [];
    // RFC 4592: the wildcard directly below the closest name that exists.
    for (let parent = parentOf(name); this.contains(parent); parent = parentOf(parent)) {
      const wildcard = this.byName.get(`*.${parent}`);
      if (wildcard !== undefined) return wildcard;
      if (this.byName.has(parent) || this.between.has(parent)) return undefined;
    }
    return undefined;
  }
}

function parentOf(name: string): string {
  const dot = name.indexOf('.');
  return dot === -1 ? '' : name.slice(dot + 1);
}
