import { epochMilliseconds, pause } from './clock';
import type { LedgerWriter, RouteRecord } from './ledger';
import { Resolver } from './resolver';

const SAMPLE_MILLISECONDS = 100;

/** Asks one authoritative name server for the write record again and again, and records how its answer changes. */
export async function sampleRoute(
  nameServer: string,
  record: string,
  ledger: LedgerWriter,
  signal: AbortSignal,
): Promise<void> {
  const resolver = new Resolver(nameServer);
  let run: RouteRecord | undefined;
  while (!signal.aborted) {
    const at = epochMilliseconds();
    const answer = await resolver.resolve(record).then(
      (endpoint) => endpoint.tlsServerName,
      () => undefined,
    );
    if (run && run.answer === answer) Object.assign(run, { until: at, samples: run.samples + 1 });
    else {
      if (run) ledger.write(run);
      run = answer === undefined ? undefined : { kind: 'route', nameServer, from: at, until: at, samples: 1, answer };
    }
    await pause(SAMPLE_MILLISECONDS, signal);
  }
  if (run) ledger.write(run);
  resolver.close();
}
