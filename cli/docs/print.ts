/** Prints the catalogue of messages, for `npm run docs`. */
import { messagesMarkdown } from './messages-markdown';

process.stdout.write(messagesMarkdown());
