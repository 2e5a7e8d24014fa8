import type { Connection as CallbackSession, ResultSetHeader } from 'mysql2';
import type { Connection as Session } from 'mysql2/promise';
import { RefusedValueError } from '../refused-value';

/** A statement that was refused; those behind it were not run. */
export class StatementError extends Error {
  readonly statement: string;
  override readonly cause: Error;

  constructor(statement: string, cause: Error) {
    super(cause.message);
    this.statement = statement;
    this.cause = cause;
  }
}

/** Characters of one packet: more bring nothing, and every server takes as much (`max_allowed_packet`). */
const packetCharacters = 256 * 1024;

/** Sends many statements in one packet: one round trip however many rows. They return no rows. */
export class Script {
  private readonly session: CallbackSession;
  private readonly largestPacket: number;

  private constructor(session: Session, largestPacket: number) {
    this.session = (session as unknown as { connection: CallbackSession }).connection;
    this.largestPacket = largestPacket;
  }

  static async on(session: Session): Promise<Script> {
    const [rows] = await session.query('SELECT @@max_allowed_packet AS bytes');
    return new Script(session, Number((rows as { bytes: string | number }[])[0]?.bytes));
  }

  /** Rows that each statement found or wrote. Throws StatementError for the first one that fails. */
  async run(statements: readonly string[]): Promise<number[]> {
    const affected: number[] = [];
    for (let from = 0; from < statements.length;) {
      let to = from + 1;
      for (
        let size = (statements[from] as string).length;
        to < statements.length && size + (statements[to] as string).length <= packetCharacters;
        to++
      ) {
        size += (statements[to] as string).length;
      }
      affected.push(...(await this.packet(statements.slice(from, to))));
      from = to;
    }
    return affected;
  }

  private packet(statements: readonly string[]): Promise<number[]> {
    const [first] = statements as [string];
    // The server would end the session.
    if (first.length * 3 >= this.largestPacket && Buffer.byteLength(first) + 64 >= this.largestPacket) {
      const reason = `a row of ${Buffer.byteLength(first)} bytes is beyond max_allowed_packet (${this.largestPacket})`;
      return Promise.reject(new StatementError(first, new RefusedValueError(reason, true)));
    }
    return new Promise((resolve, reject) => {
      const affected: number[] = [];
      const query = this.session.query(statements.join(';\n'), (error) => {
        if (error) reject(new StatementError(statements[affected.length] ?? (statements.at(-1) as string), error));
        else resolve(affected);
      });
      // Each result is told as it comes, so the failed statement is the one behind the last.
      query.on('result', (result) => affected.push((result as unknown as ResultSetHeader).affectedRows));
    });
  }
}
