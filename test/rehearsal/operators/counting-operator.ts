import { brokenOperator } from './broken-operator';
import { beforeEachStatement } from './statements';

/** The product's own operator, which says also how many statements an effect commits one by one. */
beforeEachStatement(() => process.stdout.write(`${JSON.stringify({ type: 'statement' })}\n`));
brokenOperator((world) => world);
