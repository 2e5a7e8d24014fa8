import { Latency } from '../../../rehearsal/replicator/latency';

describe('latency', () => {
  it('of the source is the age of what was read last, and falls to zero when nothing new comes', () => {
    let now = 10_000;
    const latency = new Latency(() => now);
    latency.noteRead(7_500);
    expect(latency.tick(undefined).sourceLatencySeconds).toBe(2.5);
    now = 11_000;
    expect(latency.tick(undefined).sourceLatencySeconds).toBe(0);
  });

  it('of the target is the age of what waits, else what the slowest change took', () => {
    const latency = new Latency(() => 10_000);
    expect(latency.tick(4_000).targetLatencySeconds).toBe(6);
    latency.noteApplied(9_000);
    latency.noteApplied(9_900);
    expect(latency.tick(undefined).targetLatencySeconds).toBe(1);
    expect(latency.tick(undefined).targetLatencySeconds).toBe(0);
  });

  it('is never negative when the clocks of two computers differ', () => {
    const latency = new Latency(() => 10_000);
    latency.noteRead(12_000);
    expect(latency.tick(undefined).sourceLatencySeconds).toBe(0);
  });
});
