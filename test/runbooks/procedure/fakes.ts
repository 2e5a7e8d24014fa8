import type { Clock } from '../../../runbooks/ports/clock';
import type { Effect } from '../../../runbooks/ports/effect';
import type { JournalStore } from '../../../runbooks/ports/journal-store';
import type { ProcedureEvent, Reporter } from '../../../runbooks/ports/operator';

/** Time that passes only when everybody sleeps: the earliest sleeper wakes first. */
export class FakeClock implements Clock {
  private now = 1_000_000;
  private sleepers: { at: number; wake: () => void }[] = [];
  nowMilliseconds = (): number => this.now;

  sleep(milliseconds: number, signal: AbortSignal): Promise<void> {
    return new Promise((resolve, reject) => {
      const fail = () => reject(signal.reason as Error);
      if (signal.aborted) return fail();
      signal.addEventListener('abort', fail, { once: true });
      const wake = () => {
        signal.removeEventListener('abort', fail);
        resolve();
      };
      this.sleepers.push({ at: this.now + milliseconds, wake });
      setImmediate(() => this.wakeEarliest());
    });
  }

  private wakeEarliest(): void {
    this.sleepers.sort((a, b) => a.at - b.at);
    const earliest = this.sleepers.shift();
    if (!earliest) return;
    this.now = Math.max(this.now, earliest.at);
    earliest.wake();
  }
}

export class MemoryJournal implements JournalStore {
  readonly stored: string[] = [];
  readonly spooled: string[] = [];
  reachable = true;
  async append(_runId: string, number: number, text: string): Promise<void> {
    if (!this.reachable) throw new Error('no route to the journal');
    if (this.stored.length !== number - 1) throw new Error(`record ${number} after ${this.stored.length}`);
    this.stored.push(text);
  }
  async read(): Promise<string[]> {
    return this.stored;
  }
  async spool(_runId: string, _number: number, text: string): Promise<void> {
    this.spooled.push(text);
  }
  async uploadSpooled(): Promise<[]> {
    return [];
  }
  entries(): { type: string; effect?: string; outcome?: string }[] {
    return [...this.stored, ...this.spooled].map((text) => JSON.parse(text) as { type: string });
  }
}

export class Recorder implements Reporter {
  readonly events: ProcedureEvent[] = [];
  report(event: ProcedureEvent): void {
    this.events.push(event);
  }
}

/** An effect on a set of names: applied means that the name is in it. */
export const effectOn = (world: Set<string>, name: string, fault?: 'throws' | 'is not seen'): Effect => ({
  name,
  touches: name,
  precheck: async () => world.has(name),
  act: async () => {
    if (fault === 'throws') throw new Error(`${name} failed`);
    if (fault !== 'is not seen') world.add(name);
  },
  verify: async () => world.has(name),
});
