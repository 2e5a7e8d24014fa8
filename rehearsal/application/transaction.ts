import { z } from 'zod';

/** A value, or that of a column of the row that an earlier operation of the same transaction results in. */
const value = z.union([z.string(), z.null(), z.strictObject({ operation: z.int().min(0), column: z.string() })]);
export type GivenValue = z.infer<typeof value>;

const table = z.string();
const operation = z.discriminatedUnion('kind', [
  z.strictObject({ kind: z.literal('insert'), table, values: z.record(z.string(), value) }),
  z.strictObject({ kind: z.literal('update'), table, key: z.array(value), values: z.record(z.string(), value) }),
  z.strictObject({ kind: z.literal('delete'), table, key: z.array(value) }),
]);
export type RequestedOperation = z.infer<typeof operation>;

/** One transaction as a client asks for it. Its entry in the ledger is the last statement before COMMIT. */
export const transactionRequest = z.strictObject({
  client: z.string(),
  sequence: z.int(),
  note: z.string(),
  operations: z.array(operation).min(1),
  /** How long the application holds the transaction open before its entry. */
  holdMilliseconds: z.number().min(0).default(0),
});
export type RequestedTransaction = z.infer<typeof transactionRequest>;

/** What came of one operation: the row as it stands after it, in the neutral form; none after a deletion. */
const changed = z.strictObject({
  key: z.array(z.string()),
  row: z.record(z.string(), z.string().nullable()).nullable(),
});
export type ChangedRow = z.infer<typeof changed>;

/**
 * `ok`: committed. `refused`: certainly without effect; `operation` tells which one the schema's rules refused, if it was
 * that. `unknown`: COMMIT was sent and its answer lost.
 */
export const transactionAnswer = z.discriminatedUnion('outcome', [
  z.strictObject({
    outcome: z.literal('ok'),
    /** Key of the ledger's entry. */
    entry: z.string(),
    /** What the engine knows the transaction by: an xid of PostgreSQL; on MySQL the ledger's entry stands for it. */
    transaction: z.string(),
    changes: z.array(changed),
    heldMilliseconds: z.number(),
  }),
  z.strictObject({
    outcome: z.literal('refused'),
    reason: z.string(),
    operation: z.int().optional(),
    heldMilliseconds: z.number().optional(),
    /** This stack does not serve now: another may, so ask for its address again. */
    notReady: z.boolean().optional(),
  }),
  z.strictObject({
    outcome: z.literal('unknown'),
    reason: z.string(),
    entry: z.string(),
    transaction: z.string(),
    changes: z.array(changed),
    heldMilliseconds: z.number(),
  }),
]);
export type TransactionAnswer = z.infer<typeof transactionAnswer>;
