import type { RecordManifest, SideName } from '../../../definition/manifest/sections';
import type { Weights } from '../../ports/routing';
import type { AwsClients } from './clients';
import { during } from './during';

const sides: readonly SideName[] = ['source', 'target'];
/** What GetParameters takes at once. */
const namesAtOnce = 10;

/** The SSM parameters from which the next deploy takes the weights. */
export class WeightParameters {
  private readonly clients: AwsClients;

  constructor(clients: AwsClients) {
    this.clients = clients;
  }

  /** By record name; a record is absent where one of its two parameters is, or is not a number. */
  async read(records: readonly RecordManifest[], signal: AbortSignal): Promise<Map<string, Weights>> {
    const names = records.flatMap((record) => sides.map((side) => record[side].weightParameter));
    const values = await this.values(names, signal);
    const found = new Map<string, Weights>();
    for (const record of records) {
      const weight = (side: SideName) => {
        const text = values.get(record[side].weightParameter) ?? '';
        return /^\d+$/.test(text) ? Number(text) : undefined;
      };
      const [source, target] = [weight('source'), weight('target')];
      if (source !== undefined && target !== undefined) found.set(record.name, { source, target });
    }
    return found;
  }

  async write(record: RecordManifest, weights: Weights, signal: AbortSignal): Promise<void> {
    const { sdk, client } = await this.clients.ssm();
    for (const side of sides) {
      const input = {
        Name: record[side].weightParameter,
        Value: String(weights[side]),
        Type: 'String' as const,
        Overwrite: true,
      };
      await during(signal, (options) => client.send(new sdk.PutParameterCommand(input), options));
    }
  }

  private async values(names: readonly string[], signal: AbortSignal): Promise<Map<string, string>> {
    const { sdk, client } = await this.clients.ssm();
    const values = new Map<string, string>();
    for (let start = 0; start < names.length; start += namesAtOnce) {
      const input = { Names: names.slice(start, start + namesAtOnce) };
      const answer = await during(signal, (options) => client.send(new sdk.GetParametersCommand(input), options));
      for (const { Name, Value } of answer.Parameters ?? []) values.set(Name ?? '', Value ?? '');
    }
    return values;
  }
}
