import type { Effect } from '../../ports/effect';
import type { Notifier } from '../../ports/surroundings';
import type { AwsClients } from './clients';
import { during } from './during';

const millisecondsToPublish = 5_000;

/**
 * Tells people through SNS, in the schema that Amazon Q Developer in chat applications shows as one thread per run
 * (its "custom notifications"). Without a topic there is nobody to tell: the effect is already true.
 */
export function snsNotifier(clients: AwsClients, topicArn: string | undefined): Notifier {
  return {
    notify({ title, text, threadId, nextSteps }): Effect {
      let published = false;
      const message = {
        version: '1.0',
        source: 'custom',
        content: { textType: 'client-markdown', title, description: text, nextSteps },
        metadata: { threadId, summary: title, eventType: 'cutover' },
      };
      return {
        name: 'notify',
        touches: topicArn === undefined ? 'nobody: no topic is defined' : `SNS topic ${topicArn}`,
        precheck: async () => topicArn === undefined,
        act: async (signal) => {
          const { sdk, client } = await clients.sns();
          const input = { TopicArn: topicArn, Message: JSON.stringify(message) };
          const short = AbortSignal.any([signal, AbortSignal.timeout(millisecondsToPublish)]);
          await during(short, (options) => client.send(new sdk.PublishCommand(input), options));
          published = true;
        },
        verify: async () => published,
      };
    },
  };
}
