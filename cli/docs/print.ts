/** Prints the catalogue of messages: `node --import tsx cli/docs/print.ts > docs/messages.md`. */
import { messagesMarkdown } from './messages-markdown';

process.stdout.write(messagesMarkdown());
