import type { Progress } from './rehearse';

const LONGEST_MESSAGE = 300;

/** Lines for a person, or NDJSON for a program; what the operators print is passed on, so that one can watch. */
export function progressTo(json: boolean): Progress {
  if (json) {
    const write = (line: object) =>
      process.stdout.write(`${JSON.stringify({ schema: 1, at: new Date().toISOString(), ...line })}\n`);
    return {
      stage: (text) => write({ type: 'rehearsal.stage', text }),
      operator: (verb, event) => write({ ...event, type: 'rehearsal.operator', verb, event: event['type'] }),
      second: ({ type: _type, at: _at, ...figures }) => write({ type: 'rehearsal.second', ...figures }),
    };
  }
  const began = Date.now();
  const say = (text: string) =>
    process.stdout.write(`${((Date.now() - began) / 1000).toFixed(1).padStart(7)} s  ${text}\n`);
  return {
    stage: say,
    operator: (_verb, event) => {
      if (event['type'] === 'step.finished') say(`    ${String(event['title'])} (${String(event['milliseconds'])} ms)`);
      if (event['type'] === 'gate' && event['answer'] === 'no') say(`    NO  ${String(event['title'])}`);
      if (event['type'] === 'message') say(`    ${shortened(String(event['text']))}`);
    },
    second: () => undefined,
  };
}

/** All of it stands in the end, where it is why a runbook refused. */
const shortened = (text: string): string =>
  text.length > LONGEST_MESSAGE ? `${text.slice(0, LONGEST_MESSAGE)} …` : text;
