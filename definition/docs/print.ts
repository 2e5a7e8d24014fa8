/** Prints one generated document, `settings` or `schema`, for `npm run docs`. */
import { environmentJsonSchema } from './json-schema';
import { settingsMarkdown } from './settings-markdown';

const documents: Record<string, () => string> = {
  settings: settingsMarkdown,
  schema: () => `${JSON.stringify(environmentJsonSchema(), null, 2)}\n`,
};

const print = documents[process.argv[2] ?? ''];
if (print) process.stdout.write(print());
else {
  process.stderr.write(`usage: print.ts ${Object.keys(documents).join('|')}\n`);
  process.exitCode = 2;
}
