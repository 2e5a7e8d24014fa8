import { InvalidParameterCombinationException, InvalidParameterValueException } from '@aws-sdk/client-cloudwatch';
import type * as sdk from '@aws-sdk/client-cloudwatch';
import { AwsError } from '../../wire/aws-error';
import type { Handlers } from '../../wire/service';
import { page } from '../paging';
import type { Aggregate, MetricStore, Series } from './metric-store';

const statistics = ['Average', 'Sum', 'Minimum', 'Maximum', 'SampleCount'] as const;
const shortPeriods = [1, 5, 10, 20, 30];
const pageOfMetrics = 500;

/** Valid periods are CloudWatch's own, and beside them the shortened period of the rehearsal's DMS metrics. */
function checkPeriod(period: number | undefined, published: number): number {
  const valid = period !== undefined && period > 0 && (shortPeriods.includes(period) || period % 60 === 0);
  if (valid || (period !== undefined && period === published)) return period;
  const message = `Period must be 1, 5, 10, 20, 30 or any multiple of 60 seconds; got ${period ?? 'none'}`;
  throw new InvalidParameterValueException({ message, $metadata: {} });
}

function checkRange(start: Date | undefined, end: Date | undefined): [number, number] {
  if (start !== undefined && end !== undefined && start < end) return [start.getTime(), end.getTime()];
  const message = 'The parameter StartTime must be less than the parameter EndTime.';
  throw new InvalidParameterValueException({ message, $metadata: {} });
}

function figure(aggregate: Aggregate, statistic: string | undefined): number {
  const known = statistics.find((name) => name === statistic);
  if (known !== undefined) return aggregate[known];
  const message = `The statistic ${statistic ?? ''} is not one of ${statistics.join(', ')}`;
  throw new InvalidParameterValueException({ message, $metadata: {} });
}

function carries({ dimensions }: Series, wanted: readonly sdk.DimensionFilter[] | undefined): boolean {
  return (wanted ?? []).every(({ Name, Value }) =>
    dimensions.some((dimension) => dimension.Name === Name && (Value === undefined || dimension.Value === Value)),
  );
}

/** Putting, listing and reading metrics. */
export function metricHandlers(store: MetricStore, publishedPeriodSeconds: number): Handlers<typeof sdk> {
  const query = (input: sdk.GetMetricDataInput, { Id, MetricStat, Label, Expression }: sdk.MetricDataQuery) => {
    if (MetricStat === undefined) {
      const message = `Metric math is not evaluated here; query ${Id ?? ''} has expression '${Expression ?? ''}'`;
      throw new AwsError('ValidationError', message);
    }
    const [start, end] = checkRange(input.StartTime, input.EndTime);
    const period = checkPeriod(MetricStat.Period, publishedPeriodSeconds);
    const aggregates = store.aggregate(MetricStat.Metric ?? {}, start, end, period);
    if (input.ScanBy !== 'TimestampAscending') aggregates.reverse();
    return {
      Id,
      Label: Label ?? MetricStat.Metric?.MetricName,
      Timestamps: aggregates.map(({ at }) => new Date(at)),
      Values: aggregates.map((aggregate) => figure(aggregate, MetricStat.Stat)),
      StatusCode: 'Complete' as const,
    };
  };

  return {
    PutMetricData({ Namespace = '', MetricData = [] }) {
      if (Namespace.startsWith('AWS/')) {
        const message = 'The value AWS/ for parameter Namespace is invalid.';
        throw new InvalidParameterValueException({ message, $metadata: {} });
      }
      for (const datum of MetricData) store.put(Namespace, datum);
      return {};
    },

    GetMetricData(input) {
      checkRange(input.StartTime, input.EndTime);
      const wanted = (input.MetricDataQueries ?? []).filter(({ ReturnData }) => ReturnData !== false);
      return { MetricDataResults: wanted.map((each) => query(input, each)), Messages: [] };
    },

    GetMetricStatistics(input) {
      const [start, end] = checkRange(input.StartTime, input.EndTime);
      const period = checkPeriod(input.Period, publishedPeriodSeconds);
      if ((input.Statistics?.length ?? 0) === 0) {
        const message = 'At least one of the parameters Statistics and ExtendedStatistics must be specified.';
        throw new InvalidParameterCombinationException({ message, $metadata: {} });
      }
      const aggregates = store.aggregate(input, start, end, period);
      const points = aggregates.map((aggregate) => ({
        Timestamp: new Date(aggregate.at),
        Unit: aggregate.unit as sdk.StandardUnit,
        ...Object.fromEntries((input.Statistics ?? []).map((name) => [name, figure(aggregate, name)])),
      }));
      return { Label: input.MetricName, Datapoints: points };
    },

    ListMetrics({ Namespace, MetricName, Dimensions, NextToken }) {
      const found = store.all().filter((series) => {
        if (Namespace !== undefined && series.namespace !== Namespace) return false;
        return (MetricName === undefined || series.name === MetricName) && carries(series, Dimensions);
      });
      const { items, next } = page(found, pageOfMetrics, NextToken);
      const metrics = items.map(({ namespace, name, dimensions }) => ({
        Namespace: namespace,
        MetricName: name,
        Dimensions: [...dimensions],
      }));
      return { Metrics: metrics, NextToken: next };
    },
  };
}
