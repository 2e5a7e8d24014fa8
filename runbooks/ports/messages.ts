import { gateMessages } from './messages/gate-messages';
import type { Message } from './messages/message';
import { runMessages } from './messages/run-messages';
import { usageMessages } from './messages/usage-messages';

/** Every code that stands in the output, by where it comes from. The texts beside the codes carry the values. */
export const messages: Readonly<Record<'gates' | 'usage' | 'runs', Readonly<Record<string, Message>>>> = {
  gates: gateMessages,
  usage: usageMessages,
  runs: runMessages,
};
