import { ChangeApply } from './change-apply';
import { openSink, openSource } from './ends';
import { ErrorPolicy } from './error-policy';
import { fullLoad } from './full-load';
import type { Latency } from './latency';
import type { TaskRequest } from './messages';
import { parseStartPosition } from './position-notation';
import type { ChangeSink, RunState } from './sinks/change-sink';
import type { ChangeSource } from './sources/change-source';
import { FatalTaskError } from './task-errors';
import type { TaskSettings } from './task-settings';
import type { Route } from './table-mappings/route';
import type { Router } from './table-mappings/router';

interface AttemptEvents {
  running(): void;
  loaded(percent: number): void;
  delayMilliseconds(): number;
}

/** One try at a task, over one connection to each end. What it leaves on the target is where the next one goes on. */
export class TaskAttempt {
  private readonly request: TaskRequest;
  private readonly settings: TaskSettings;
  private readonly router: Router;
  private readonly latency: Latency;
  private readonly events: AttemptEvents;
  private readonly stopping = new AbortController();
  /** The target remembers this run: a further attempt resumes it. */
  begun = false;
  changes: ChangeApply | undefined;

  constructor(request: TaskRequest, settings: TaskSettings, router: Router, latency: Latency, events: AttemptEvents) {
    this.request = request;
    this.settings = settings;
    this.router = router;
    this.latency = latency;
    this.events = events;
  }

  /** The last position that is durable on the target, as far as this attempt knows. */
  get position(): string | undefined {
    return this.changes?.position;
  }

  stop(): void {
    this.stopping.abort();
    this.changes?.stop();
  }

  /** @param anew begin at the position that was asked for, or load; otherwise go on where the target says */
  async run(anew: boolean): Promise<'NORMAL' | 'FULL_LOAD_ONLY_FINISHED'> {
    const sink = await openSink(this.request, this.settings, new ErrorPolicy(this.settings.ErrorBehavior));
    try {
      const source = await openSource(this.request);
      try {
        return await this.replicate(source, sink, anew);
      } finally {
        await source.close();
      }
    } finally {
      await sink.close();
    }
  }

  private async replicate(source: ChangeSource, sink: ChangeSink, anew: boolean) {
    const { migrationType } = this.request;
    const own = migrationType !== 'cdc';
    const routes = this.router.capture(await source.listTables(), own ? 'Before load' : 'Table completed');
    if (routes.length === 0 && this.settings.ErrorBehavior.FailOnNoTablesCaptured) {
      throw new FatalTaskError('no table of the source is selected by TableMappings (FailOnNoTablesCaptured)');
    }
    const known = anew ? undefined : await sink.takeOver();
    const state = known ?? (await this.begin(source, sink, own, anew));
    this.begun = true;
    if (state.phase === 'full load') {
      // Nothing of an interrupted load counts, not even the tables that it gave up.
      if (known) await sink.beginAnew(state);
      const position = await this.load(source, sink, routes, known !== undefined);
      if (position === undefined) return 'NORMAL';
      state.position = position;
    } else {
      for (const { statistics } of routes) statistics.become('Table completed');
      await sink.recallSuspended(routes);
    }
    this.events.loaded(own ? 100 : 0);
    if (migrationType === 'full-load') return 'FULL_LOAD_ONLY_FINISHED';
    await this.applyChanges(source, sink, await source.checkPosition(state.position, own), own);
    return 'NORMAL';
  }

  /** A first run, or one to resume of which the target knows nothing: it ended before it began to write. */
  private async begin(source: ChangeSource, sink: ChangeSink, own: boolean, anew: boolean): Promise<RunState> {
    const { checkpoint, cdcStartPosition } = this.request;
    const asked = (anew ? undefined : checkpoint) ?? cdcStartPosition;
    let state: RunState;
    if (own && (anew || !asked)) {
      state = { phase: 'full load', position: undefined };
    } else {
      if (!anew && !asked) {
        throw new FatalTaskError('nothing to resume: neither the target nor the request knows a position of this task');
      }
      const position = await source.checkPosition(
        asked ? parseStartPosition(this.request.source.engine, asked) : undefined,
        own,
      );
      state = { phase: 'cdc', position };
    }
    await sink.beginAnew(state);
    return state;
  }

  private load(source: ChangeSource, sink: ChangeSink, routes: Route[], again: boolean): Promise<string | undefined> {
    this.events.running();
    return fullLoad(source, sink, routes, {
      settings: this.settings,
      again: again || this.request.startType === 'reload-target',
      stopping: this.stopping.signal,
      progress: (percent) => this.events.loaded(percent),
    });
  }

  private async applyChanges(source: ChangeSource, sink: ChangeSink, position: string, own: boolean): Promise<void> {
    const { router, latency } = this;
    const { TargetMetadata, ChangeProcessingTuning } = this.settings;
    const gatherMilliseconds = ChangeProcessingTuning.BatchApplyTimeoutMin * 1000;
    const batch = TargetMetadata.BatchApplyEnabled ? { gatherMilliseconds } : undefined;
    const delayMilliseconds = () => this.events.delayMilliseconds();
    this.changes = new ChangeApply({ source, sink, router, latency, batch, delayMilliseconds }, position);
    if (this.stopping.signal.aborted) return;
    await this.changes.run(own, () => this.events.running());
  }
}
