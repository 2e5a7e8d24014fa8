import { connect } from '../runbooks/adapters/connect';
import { migrationsOf } from '../runbooks/adapters/migrations-of';
import { terminalOperator } from '../runbooks/adapters/terminal/terminal-operator';
import { runCommandLine } from './program';

void runCommandLine(process.argv.slice(2), { connect, migrationsOf, operator: terminalOperator() }).then((code) => {
  process.exitCode = code;
});
