import type { Dimension, Metric, MetricDatum } from '@aws-sdk/client-cloudwatch';

/** A statistic set with its time, as CloudWatch keeps what is put. */
interface DataPoint {
  readonly at: number;
  readonly sum: number;
  readonly minimum: number;
  readonly maximum: number;
  readonly count: number;
  readonly unit: string;
}

export interface Series {
  readonly namespace: string;
  readonly name: string;
  readonly dimensions: readonly Dimension[];
  readonly points: DataPoint[];
}

/** Statistics over one period. */
export interface Aggregate {
  /** Begin of the period, epoch milliseconds. */
  readonly at: number;
  readonly unit: string;
  readonly Average: number;
  readonly Sum: number;
  readonly Minimum: number;
  readonly Maximum: number;
  readonly SampleCount: number;
}

function keyOf({ Namespace, MetricName, Dimensions }: Metric): string {
  const dimensions = (Dimensions ?? []).map(({ Name, Value }) => `${Name ?? ''}=${Value ?? ''}`).sort();
  return [Namespace, MetricName, ...dimensions].join('\u0000');
}

function toPoint(datum: MetricDatum): DataPoint {
  const at = (datum.Timestamp ?? new Date()).getTime();
  const unit = datum.Unit ?? 'None';
  const set = datum.StatisticValues;
  if (set !== undefined) {
    const { Sum = 0, Minimum = 0, Maximum = 0, SampleCount = 0 } = set;
    return { at, unit, sum: Sum, minimum: Minimum, maximum: Maximum, count: SampleCount };
  }
  const values = datum.Values ?? [datum.Value ?? 0];
  const counts = datum.Counts ?? values.map(() => 1);
  const sum = values.reduce((total, value, i) => total + value * (counts[i] ?? 1), 0);
  const count = counts.reduce((total, each) => total + each, 0);
  return { at, unit, sum, minimum: Math.min(...values), maximum: Math.max(...values), count };
}

/** Every metric that was put or published. A metric is its namespace, its name and exactly its dimensions. */
export class MetricStore {
  private readonly series = new Map<string, Series>();

  put(namespace: string, datum: MetricDatum): void {
    const metric: Metric = { Namespace: namespace, MetricName: datum.MetricName, Dimensions: datum.Dimensions };
    const key = keyOf(metric);
    let series = this.series.get(key);
    if (series === undefined) {
      series = { namespace, name: datum.MetricName ?? '', dimensions: datum.Dimensions ?? [], points: [] };
      this.series.set(key, series);
    }
    series.points.push(toPoint(datum));
  }

  all(): Series[] {
    return [...this.series.values()];
  }

  /**
   * One aggregate per period that holds data, oldest first. Periods are aligned to the epoch, as CloudWatch aligns them;
   * a point counts if its period begins in [start, end).
   */
  aggregate(metric: Metric, start: number, end: number, periodSeconds: number): Aggregate[] {
    const periods = new Map<number, DataPoint[]>();
    const length = periodSeconds * 1000;
    for (const point of this.series.get(keyOf(metric))?.points ?? []) {
      const at = Math.floor(point.at / length) * length;
      if (at < Math.floor(start / length) * length || at >= end) continue;
      periods.set(at, [...(periods.get(at) ?? []), point]);
    }
    return [...periods].sort(([a], [b]) => a - b).map(([at, points]) => summarise(at, points));
  }
}

function summarise(at: number, points: readonly DataPoint[]): Aggregate {
  const sum = points.reduce((total, point) => total + point.sum, 0);
  const count = points.reduce((total, point) => total + point.count, 0);
  return {
    at,
    unit: points[0]?.unit ?? 'None',
    Sum: sum,
    SampleCount: count,
    Average: count === 0 ? 0 : sum / count,
    Minimum: Math.min(...points.map(({ minimum }) => minimum)),
    Maximum: Math.max(...points.map(({ maximum }) => maximum)),
  };
}
