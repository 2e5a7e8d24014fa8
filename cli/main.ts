import { connect } from '../runbooks/adapters/connect';
import { connectAdoption } from '../runbooks/adapters/connect-adoption';
import { migrationsOf } from '../runbooks/adapters/migrations-of';
import { terminalOperator } from '../runbooks/adapters/terminal/terminal-operator';
import { runCommandLine } from './program';

void runCommandLine(process.argv.slice(2), {
  connect,
  connectAdoption,
  migrationsOf,
  operator: terminalOperator(),
}).then((code) => {
  process.exitCode = code;
});
