import type { Change } from '@aws-sdk/client-route-53';
import type { Nonces } from '../../ports/clock';
import { StaleEpochError } from '../../ports/failures';
import type { AwsClients } from './clients';
import { counterName, counterRecord, readMark, readMarks, type CounterMark } from './counter-records';
import { during } from './during';

const attempts = 6;

/**
 * Change batches of one run. Each also creates the counter record of the next number, so a batch of somebody who counted
 * before is rejected whole. The number is learned by `claim` alone and counted here afterwards: reading it again would let a
 * stale operator catch up.
 */
export class CountedBatches {
  private readonly clients: AwsClients;
  private readonly zoneId: string;
  private readonly name: string;
  private readonly nonces: Nonces;
  private readonly ownNonces = new Set<string>();
  private epoch: number | undefined;
  private number = 0;
  private newestChange: { id: string | undefined } | undefined;

  /** @param options.name the record under which the numbers stand */
  constructor(options: { clients: AwsClients; zoneId: string; name: string; nonces: Nonces }) {
    this.clients = options.clients;
    this.zoneId = options.zoneId;
    this.name = options.name;
    this.nonces = options.nonces;
  }

  /** @throws StaleEpochError when somebody with this epoch or a later one has counted */
  async claim(epoch: number, signal: AbortSignal): Promise<void> {
    const marks = await readMarks(this.clients, this.zoneId, this.name, signal);
    const latest = marks.reduce((highest, mark) => (mark.epoch > highest.epoch ? mark : highest), {
      epoch: 0,
    } as CounterMark);
    if (latest.epoch >= epoch) this.refuseForeign(latest, epoch);
    this.number = Math.max(0, ...marks.map((mark) => mark.number));
    this.epoch = epoch;
    await this.send([], signal, { passEarlierEpochs: true });
  }

  /** True once this run's newest number stands in the zone with a nonce of this run. */
  async isClaimed(epoch: number, signal: AbortSignal): Promise<boolean> {
    if (this.epoch !== epoch || this.number === 0) return false;
    const mark = await readMark(this.clients, this.zoneId, this.name, this.number, signal);
    return mark !== undefined && this.ownNonces.has(mark.nonce);
  }

  /**
   * Sends the changes with the next number. A refusal or a lost answer is read back: own nonce means done.
   * @throws StaleEpochError when another operator has taken the number
   */
  async send(changes: readonly Change[], signal: AbortSignal, { passEarlierEpochs = false } = {}): Promise<void> {
    const { epoch } = this;
    if (epoch === undefined)
      throw new Error('no change batch without a claim: the number of the next one is not known');
    for (let attempt = 1; attempt <= attempts; attempt += 1) {
      const mark: CounterMark = { number: this.number + 1, epoch, nonce: this.nonces.next() };
      this.ownNonces.add(mark.nonce);
      const failure = await this.attempt(mark, changes, signal);
      if (failure === undefined) return;

      const taken = await readMark(this.clients, this.zoneId, this.name, mark.number, signal);
      // Nobody has the number: the batch was refused, or not received, for a reason of its own.
      if (taken === undefined) throw failure.error;
      this.number = mark.number;
      if (taken.nonce === mark.nonce) {
        this.newestChange = { id: undefined };
        return;
      }
      // An earlier batch of this run took the number after all, though its answer never came: go on with the next one.
      if (this.ownNonces.has(taken.nonce)) continue;
      // The last batch of an operator who was taken over can still come in between reading and claiming.
      if (!(passEarlierEpochs && taken.epoch < epoch)) this.refuseForeign(taken, epoch);
    }
    throw new Error(`${counterName(this.number, this.name)}: ${attempts} numbers in a row were taken by others`);
  }

  /**
   * GetChange of the newest batch; true when none was sent. A batch whose answer was lost has no id that could be asked
   * for, so it never counts as seen everywhere.
   */
  async isInSync(signal: AbortSignal): Promise<boolean> {
    if (!this.newestChange) return true;
    const { id } = this.newestChange;
    if (id === undefined) return false;
    const { sdk, client } = await this.clients.route53();
    const answer = await during(signal, (options) => client.send(new sdk.GetChangeCommand({ Id: id }), options));
    return answer.ChangeInfo?.Status === 'INSYNC';
  }

  private async attempt(
    mark: CounterMark,
    changes: readonly Change[],
    signal: AbortSignal,
  ): Promise<{ error: unknown } | undefined> {
    const { sdk, client } = await this.clients.route53();
    const counter: Change = { Action: 'CREATE', ResourceRecordSet: counterRecord(mark, this.name) };
    const input = {
      HostedZoneId: this.zoneId,
      ChangeBatch: { Comment: `cutover epoch ${mark.epoch} number ${mark.number}`, Changes: [...changes, counter] },
    };
    try {
      const answer = await during(signal, (options) =>
        client.send(new sdk.ChangeResourceRecordSetsCommand(input), options),
      );
      this.number = mark.number;
      this.newestChange = { id: answer.ChangeInfo?.Id };
      return undefined;
    } catch (error) {
      signal.throwIfAborted();
      return { error };
    }
  }

  private refuseForeign(mark: CounterMark, epoch: number): void {
    if (this.ownNonces.has(mark.nonce)) return;
    throw new StaleEpochError(
      `Route 53 has counted a change batch of epoch ${mark.epoch} (TXT ${counterName(mark.number, this.name)}); this run has epoch ${epoch}`,
    );
  }
}
