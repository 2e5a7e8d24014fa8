import { readFileSync } from 'node:fs';

/**
 * Reads the file of accepted dangers, JSON: `{"ttl-raised production/billing-routing RecordX": "why"}`. It is itself reviewed.
 * A file that is absent accepts nothing.
 * @throws Error naming the entry without a reason.
 */
export function readAcceptedDangers(file: string): Record<string, string> {
  let text: string;
  try {
    text = readFileSync(file, 'utf8');
  } catch {
    return {};
  }
  let parsed: unknown;
  try {
    parsed = JSON.parse(text);
  } catch (cause) {
    throw new Error(`${file} is not JSON; it holds {"name of a danger": "why it is accepted"}`, { cause });
  }
  for (const [name, reason] of Object.entries(parsed as Record<string, unknown>))
    if (typeof reason !== 'string' || reason.trim() === '')
      throw new Error(`${file} accepts "${name}" without a reason; write why`);
  return parsed as Record<string, string>;
}
