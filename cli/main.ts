import { connect } from '../runbooks/adapters/connect';
import { connectAdoption } from '../runbooks/adapters/connect-adoption';
import { connectReplication } from '../runbooks/adapters/connect-replication';
import { migrationsOf } from '../runbooks/adapters/migrations-of';
import { terminalOperator } from '../runbooks/adapters/terminal/terminal-operator';
import { outliveReaders } from './outlive-readers';
import { runCommandLine } from './program';

outliveReaders();

void runCommandLine(process.argv.slice(2), {
  connect,
  connectAdoption,
  connectReplication,
  migrationsOf,
  operator: terminalOperator(),
}).then((code) => {
  process.exitCode = code;
});
