import { readFileSync } from 'node:fs';
import { z } from 'zod';

const loggedCall = z.looseObject({
  at: z.string(),
  service: z.string(),
  operation: z.string(),
  status: z.number(),
  errorCode: z.string().optional(),
  input: z.unknown().optional(),
  fault: z.string().optional(),
});

/** One line of the AWS endpoint's request log, as far as the judge reads it. */
export type LoggedCall = z.infer<typeof loggedCall>;

export function readRequestLog(path: string): LoggedCall[] {
  return readFileSync(path, 'utf8')
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => loggedCall.parse(JSON.parse(line)));
}

const recordSet = z.looseObject({
  Name: z.string(),
  Type: z.string(),
  SetIdentifier: z.string().optional(),
  Weight: z.number().optional(),
  ResourceRecords: z.array(z.looseObject({ Value: z.string() })).optional(),
});
export type RecordSet = z.infer<typeof recordSet>;

export interface AcceptedBatch {
  at: number;
  changes: { action: string; record: RecordSet }[];
}

const changeInput = z.looseObject({
  ChangeBatch: z.looseObject({
    Changes: z.array(z.looseObject({ Action: z.string(), ResourceRecordSet: recordSet })),
  }),
});

/**
 * The change batches that took effect, in their order: those answered with success, and those whose success a planned
 * misfortune hid from the caller (a fault that is said to be applied).
 */
export function acceptedBatches(calls: LoggedCall[]): AcceptedBatch[] {
  return calls
    .filter((call) => call.operation === 'ChangeResourceRecordSets')
    .filter((call) => call.status < 300 || /appl|lost/i.test(call.fault ?? ''))
    .map((call) => ({
      at: Date.parse(call.at),
      changes: changeInput
        .parse(call.input)
        .ChangeBatch.Changes.map((change) => ({ action: change.Action, record: change.ResourceRecordSet })),
    }));
}
