import { closeSync, openSync, writeSync } from 'node:fs';
import type { Call } from './wire/dispatch';

const reading = /^(Get|List|Describe|Head|Test)/;
const secretMember = /password|secret|token|customerkey/i;
const longestText = 4_000;

/** One line of the request log. */
export interface LoggedCall {
  readonly at: string;
  readonly service: string;
  readonly operation: string;
  readonly status: number;
  readonly errorCode?: string | undefined;
  readonly requestId: string;
  readonly accessKeyId: string;
  readonly userAgent: string;
  /** Only of mutating calls; without secrets and bodies. */
  readonly input?: unknown;
  /** The misfortune that was brought about, if any. */
  readonly fault?: string | undefined;
}

function summarise(value: unknown): unknown {
  if (value instanceof Uint8Array) return `(${value.length} bytes)`;
  if (value instanceof Date) return value.toISOString();
  if (typeof value === 'string') return value.length > longestText ? `${value.slice(0, longestText)}…` : value;
  if (Array.isArray(value)) return value.map(summarise);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(
    Object.entries(value).map(([key, member]) => [key, secretMember.test(key) ? '(withheld)' : summarise(member)]),
  );
}

/** What a mutating call asked for; nothing for calls that only read. A secure parameter's value is withheld too. */
function inputOf(call: Call): unknown {
  if (reading.test(call.operation)) return undefined;
  const secure = call.input['Type'] === 'SecureString';
  return summarise(secure ? { ...call.input, Value: '(withheld)' } : call.input);
}

/** Writes one line per answered call, before the answer goes out, so that no effect is missing after a crash. */
export class RequestLog {
  private readonly file: number | undefined;

  constructor(path: string | undefined) {
    this.file = path === undefined ? undefined : openSync(path, 'a', 0o600);
  }

  write(call: Call, status: number, errorCode: string | undefined, fault: string | undefined): void {
    if (this.file === undefined) return;
    const { service, operation, requestId, accessKeyId, userAgent } = call;
    const line: LoggedCall = {
      at: new Date().toISOString(),
      service,
      operation,
      status,
      errorCode,
      requestId,
      accessKeyId,
      userAgent,
      input: inputOf(call),
      fault,
    };
    writeSync(this.file, `${JSON.stringify(line)}\n`);
  }

  close(): void {
    if (this.file !== undefined) closeSync(this.file);
  }
}
