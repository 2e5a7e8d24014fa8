import { RuleTargetInput } from 'aws-cdk-lib/aws-events';

interface ChatMessage {
  readonly title: string;
  readonly description: string;
  readonly nextSteps: string[];
  readonly keywords: string[];
  /** Messages of one thread stand together: one thread per migration. */
  readonly threadId: string;
}

/** A notification in the schema that chat clients show with a title and next steps (Amazon Q Developer, "Custom notifications"). */
export const chatMessage = (message: ChatMessage): RuleTargetInput =>
  RuleTargetInput.fromObject({
    version: '1.0',
    source: 'custom',
    content: {
      textType: 'client-markdown',
      title: message.title,
      description: message.description,
      nextSteps: message.nextSteps,
      keywords: message.keywords,
    },
    metadata: { threadId: message.threadId, summary: message.title, eventType: 'cutover' },
  });
