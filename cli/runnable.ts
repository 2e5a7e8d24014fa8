interface Place {
  readonly verb: string;
  readonly migration: string;
  readonly environment: string;
  /** Gates said no: `check` asks them again. */
  readonly refused: boolean;
}

const short = /^cutover ([a-z-]+)((?: --(?:execute|accept-loss))*)(?=$|[,;])/;
const whole = /^cutover [a-z-]+ \S+ --environment \S+(?: --[a-z-]+(?: [^\s,;]+)?)*$/;
/** Of the AWS command line or the CDK: one command or several, and no words of ours. */
const ofAws = /^(?:aws [a-z0-9-]+ [a-z0-9-]+|npx cdk [a-z]+)[^,\u2026]*(?=$|, then )/;

/**
 * The one command to type. Where a person must act first (the message says how), it is the one to type after that: the
 * gates again, or the plan of the verb.
 */
export function runnable(next: string | undefined, { verb, migration, environment, refused }: Place): string {
  const command = (name: string, rest = '') => `cutover ${name} ${migration} --environment ${environment}${rest}`;
  if (next !== undefined) {
    const [, name, rest] = short.exec(next) ?? [];
    if (name !== undefined) return command(name, rest);
    const ready = whole.exec(next) ?? ofAws.exec(next);
    if (ready) return ready[0];
    if (next === 'cdk deploy') return `npx cdk deploy '${environment}/**'`;
  }
  return command(refused ? 'check' : verb);
}
