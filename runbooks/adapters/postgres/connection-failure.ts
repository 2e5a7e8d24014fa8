import { checkSecret, connectionFailureOf, type Cause } from '../database/connection-failure';
import { messageOf, sqlState } from './sql-error';

function causeOf(error: unknown): Cause | undefined {
  const state = sqlState(error);
  const message = messageOf(error);
  if (state === '28P01') return { code: 'database-wrong-password', text: 'wrong password', next: checkSecret };
  if (state === '3D000')
    return { code: 'database-no-such-database', text: message, next: 'check the database name in the definition' };
  if (state === '53300')
    return { code: 'database-too-many-connections', text: message, next: 'free connections or raise max_connections' };
  if (state) return { code: 'database-login-refused', text: `${message} (SQLSTATE ${state})`, next: checkSecret };
  if (message.includes('does not support SSL'))
    return { code: 'database-no-tls', text: 'the server offers no TLS', next: 'turn ssl on in the server' };
  return undefined;
}

export const connectionFailure = connectionFailureOf(causeOf);
