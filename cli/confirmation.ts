import { UsageError } from '../runbooks/ports/failures';
import type { Invocation } from './context';

/** Wrong or missing confirmation is found before anything is read. @throws UsageError */
export function checkConfirmation({ options, wiring, migration }: Invocation, verb: string): void {
  if (!options.execute) return;
  const plan = `cutover ${verb} ${migration} --environment ${options.environment}`;
  if (options.confirm !== undefined && options.confirm !== options.environment)
    throw new UsageError(
      'wrong-confirmation',
      `--confirm ${options.confirm} does not name the environment; allowed is --confirm ${options.environment}`,
      { next: plan },
    );
  if (options.confirm === undefined && !wiring.operator.isInteractive)
    throw new UsageError(
      'no-confirmation',
      `${verb} --execute needs a terminal to ask at, or --confirm ${options.environment}`,
      { next: `${plan} --execute --confirm ${options.environment}` },
    );
}

/** Given as an option, or typed now. */
export async function confirmed({ options, wiring, interrupt }: Invocation): Promise<boolean> {
  if (options.confirm !== undefined) return true;
  const typed = await wiring.operator.ask(`Type the environment's name (${options.environment}) to go on: `, interrupt);
  return typed.trim() === options.environment;
}
