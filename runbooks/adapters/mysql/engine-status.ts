export interface Transaction {
  readonly id: string;
  /** Of the session that it belongs to; absent where the session or the server has died meanwhile. */
  readonly processId: string | undefined;
  readonly ageSeconds: number;
  readonly hasWritten: boolean;
}

/** The server cuts the list out of the middle where all of it would not fit into a megabyte. */
const isCut = /^\.\.\. truncated\.\.\.$/m;
const beginning = /^---TRANSACTION (\d+), ACTIVE(?: \(PREPARED\))? (\d+) sec/;
const session = /^MySQL thread id (\d+),/m;
const changes = /\bundo log entries [1-9]/;

/**
 * The transactions in `SHOW ENGINE INNODB STATUS`; those that have only read are not shown there. The text of a statement
 * comes last in its part, so that whatever stands in it hides nothing.
 * @returns undefined where the server does not show all of them
 */
export function transactionsOf(status: string): Transaction[] | undefined {
  if (!status.includes('\nLIST OF TRANSACTIONS FOR EACH SESSION:\n') || isCut.test(status)) return undefined;
  return status.split(/^(?=---TRANSACTION \d)/m).flatMap((part): Transaction[] => {
    const [, id, seconds] = beginning.exec(part) ?? [];
    if (id === undefined) return [];
    const found = session.exec(part);
    return [
      {
        id,
        processId: found?.[1],
        ageSeconds: Number(seconds),
        hasWritten: changes.test(found ? part.slice(0, found.index) : part),
      },
    ];
  });
}
