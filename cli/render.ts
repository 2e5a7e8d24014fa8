import { styleText } from 'node:util';
import type { ProcedureEvent, Reporter } from '../runbooks/ports/operator';
import type { Reason } from '../runbooks/ports/reason';

/** NDJSON for programs: one object a line, each with the schema's version and the time. */
export const jsonReporter = (write: (line: string) => void): Reporter => ({
  report: (event) => write(`${JSON.stringify({ schema: 1, at: new Date().toISOString(), ...event })}\n`),
});

type Style = (format: 'green' | 'red' | 'yellow' | 'dim' | 'bold', text: string) => string;

/** Node lets FORCE_COLOR beat NO_COLOR; here NO_COLOR decides. */
const styleFor = (isTerminal: boolean): Style => {
  const colour = isTerminal && !process.env['NO_COLOR'] && process.env['TERM'] !== 'dumb';
  return (format, text) => (colour ? styleText(format, text) : text);
};

/** As the definition's `waivers` take them, but for the reason. */
const waiversOf = ({ check, tables }: NonNullable<Reason['waivable']>): string =>
  tables.map((table) => `{ table: '${table}', check: '${check}', reason: '…' }`).join(', ');

function line(event: ProcedureEvent, style: Style): string | undefined {
  switch (event.type) {
    case 'run.started':
      return style(
        'bold',
        `${event.verb} ${event.migration} (${event.environment})${event.mode === 'plan' ? ': plan, nothing is changed' : ''}`,
      );
    case 'gate':
      if (event.answer === 'yes')
        return `${style('green', '  yes')}  ${event.title}${event.detail ? style('dim', ` (${event.detail})`) : ''}`;
      if (event.answer === 'cannot check') return `${style('red', '  ?  ')}  ${event.title} (${event.detail ?? ''})`;
      if (event.answer === 'would check')
        return `${style('yellow', '  would check')}  ${event.title} (${event.detail ?? 'later'})`;
      return [
        `${style('red', '  NO ')}  ${event.title}: ${event.reason?.text ?? ''}`,
        ...(event.reason?.setting ? [`        setting: ${event.reason.setting}`] : []),
        ...(event.reason?.next ? [`        next: ${event.reason.next}`] : []),
        ...(event.reason?.waivable?.tables.length ? [`        or waive: ${waiversOf(event.reason.waivable)}`] : []),
      ].join('\n');
    case 'plan.step':
      return `${String(event.number).padStart(4)}. ${event.title} ${style('dim', `[${event.touches}]`)}`;
    case 'step.started':
      return `${String(event.number).padStart(4)}. ${event.title}`;
    case 'step.finished':
      return style('dim', `      ${event.skipped ? 'already true' : 'done'} after ${event.milliseconds} ms`);
    case 'progress':
      return style('dim', `      ${event.text}`);
    case 'message':
      return style(
        event.level === 'info' ? 'bold' : event.level === 'warning' ? 'yellow' : 'red',
        `${event.level}: ${event.text} [${event.code}]${event.remedy ? `\n       first: ${event.remedy}` : ''}`,
      );
    case 'by-hand':
      return `${style('bold', `by hand ${event.number}. ${event.title}`)}\n${event.text}`;
    case 'effect':
      return undefined;
    case 'run.finished':
      return [
        style('bold', `${event.verb}: ${event.outcome}`),
        // A verb that asks no database, and has nothing to warn of, says nothing of them.
        ...(event.exitCode === 0 && event.primary === undefined
          ? []
          : [`primary: ${event.primary ?? 'unknown'}; writes accepted by: ${event.writesAccepted ?? 'unknown'}`]),
        ...(event.next ? [`next: ${event.next}`] : []),
      ].join('\n');
  }
}

/** Lines for people. */
export const humanReporter = (stream: NodeJS.WriteStream): Reporter => {
  const style = styleFor(stream.isTTY);
  return {
    report: (event) => {
      const text = line(event, style);
      if (text !== undefined) stream.write(`${text}\n`);
    },
  };
};
