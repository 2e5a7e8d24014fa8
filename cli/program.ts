import { Command, CommanderError, InvalidArgumentError } from 'commander';
import { exitCode } from '../runbooks/procedure/exit-code';
import type { Invocation, MigrationOptions, Wiring } from './context';
import { onInterrupt } from './interrupt';
import { humanReporter, jsonReporter } from './render';
import { runMutating } from './run-mutating';
import { runReading } from './run-reading';
import { runWatch } from './run-watch';
import { acceptingLoss, lostBy } from './verbs/accepting-loss';
import { adoptRecords } from './verbs/adopt-records';
import { mutatingVerbs } from './verbs/mutating';
import { rehearse } from './verbs/rehearse';
import { review, type ReviewOptions } from './verbs/review';

const exitCodeHelp = `
Exit codes: 0 done or nothing to do, 1 failed, 2 usage or configuration, 3 a gate said no, 4 declined,
            5 unwound, 6 partial or contradictory: act now, 130 interrupted.
Default changes nothing: a verb that changes something prints its plan and stops; --execute acts.`;

const seconds = (text: string): number => {
  const value = Number(text);
  if (!Number.isFinite(value) || value <= 0) throw new InvalidArgumentError('allowed is a number of seconds above 0.');
  return value;
};

const percent = (text: string): number => {
  const value = Number(text);
  if (!/^\d+(\.\d+)?$/.test(text) || value < 1 || value > 100)
    throw new InvalidArgumentError('allowed is a share of the time in percent, 1 to 100.');
  return value;
};

/** The whole command line. @returns the exit code; nothing here ends the process. */
export async function runCommandLine(args: readonly string[], wiring: Wiring): Promise<number> {
  let code: number = exitCode.done;
  const program = new Command('cutover')
    .description('Move a production database to Amazon RDS while the application keeps running, and take it back.')
    .addHelpText('after', exitCodeHelp)
    .showHelpAfterError('(add --help for what is allowed)')
    .exitOverride();

  const invoke = async (
    migration: string,
    options: MigrationOptions,
    act: (invocation: Invocation) => Promise<number>,
  ) => {
    const interrupt = onInterrupt((text) => process.stderr.write(`${text}\n`));
    const reporter = options.json ? jsonReporter((text) => process.stdout.write(text)) : humanReporter(process.stdout);
    try {
      code = await act({ wiring, migration, options, reporter, interrupt: interrupt.signal });
    } finally {
      interrupt.close();
    }
  };
  const verb = (name: string, summary: string) =>
    program
      .command(`${name} <migration>`)
      .description(summary)
      .requiredOption('--environment <name>', 'the environment that the migration belongs to')
      .option('--json', 'NDJSON on standard output, for programs')
      .exitOverride();

  program.commandsGroup('These only read:');
  verb('check', 'ask every gate of what comes next').action((migration: string, options: MigrationOptions) =>
    invoke(migration, options, (invocation) => runReading('check', invocation)),
  );
  verb('check-data', 'count the rows of a MySQL source that PostgreSQL would not take as they are')
    .option('--throttle <percent>', 'share of the time that the reading may take, 1 to 100', percent, 50)
    .action((migration: string, options: MigrationOptions) =>
      invoke(migration, options, (invocation) => runReading('check-data', invocation)),
    );
  verb('status', 'where the migration stands, and the one next command').action(
    (migration: string, options: MigrationOptions) =>
      invoke(migration, options, (invocation) => runReading('status', invocation)),
  );
  verb('plan', 'the procedures that remain, with a hash').action((migration: string, options: MigrationOptions) =>
    invoke(migration, options, (invocation) => runReading('plan', invocation)),
  );

  program.commandsGroup('These act with --execute:');
  verb('watch', 'measure the lag; --execute writes heartbeats')
    .option('--execute', 'write heartbeats')
    .option('--for <seconds>', 'how long', seconds)
    .action((migration: string, options: MigrationOptions) => invoke(migration, options, runWatch));
  for (const each of mutatingVerbs) {
    const command = verb(each.name, each.summary)
      .option('--execute', 'act; without it only the plan is shown')
      .option('--confirm <environment>', 'the environment’s name, instead of typing it at the question');
    const lost = lostBy(each.name);
    if (lost)
      command.option(
        '--accept-loss [interval]',
        `the ${lost} is dead and given up for good: what it committed in the interval may be lost`,
      );
    command.action((migration: string, options: MigrationOptions) =>
      invoke(migration, options, (invocation) =>
        runMutating(lost && options.acceptLoss !== undefined ? acceptingLoss(each.name, lost) : each, invocation),
      ),
    );
  }

  program.commandsGroup('Before a deploy:');
  verb('adopt-records', 'make room for the weighted pair where a name has a simple record today')
    .option('--execute', 'act; without it only the plan is shown')
    .option('--confirm <environment>', 'the environment’s name, instead of typing it at the question')
    .action((migration: string, options: MigrationOptions) => invoke(migration, options, adoptRecords));
  program
    .command('review')
    .description('dangers in the difference of two synthesised assemblies; --live: is a migration under way?')
    .option('--base <folder>', 'the assembly as it is deployed')
    .option('--head <folder>', 'the assembly as it would be deployed')
    .option('--accepted <file>', 'dangers that are accepted, each by name with a reason', 'accepted-dangers.json')
    .option('--live', 'ask the migrations themselves, instead of two folders')
    .option('--environment <name>', 'with --live')
    .exitOverride()
    .action(async (options: ReviewOptions) => {
      const interrupt = onInterrupt((text) => process.stderr.write(`${text}\n`));
      code = await review(options, wiring, interrupt.signal).finally(() => interrupt.close());
    });

  program.commandsGroup('On this computer:');
  program
    .command('rehearse [migration]')
    .description('rehearse a migration against real engines, with clients that write all the time')
    .option('--json', 'NDJSON on standard output; the last line is the result')
    .option('--practice', 'people run the runbooks from other terminals, until Enter is pressed')
    .option('--mysql <path>', 'a MySQL or MariaDB server, where none is on the PATH or another is wanted')
    .option('--source-schema <file>', 'your own source database, as mysqldump or mariadb-dump writes its schema')
    .option('--source-data <file>', 'its rows, where they stand in another file')
    .option('--target-schema <file>', 'its schema on PostgreSQL, as pg_dump writes it')
    .option('--workload <file>', 'settings for them: accounts, database, queue, load')
    .option(
      '--source <url>',
      'a running staging database: mysql://ADMIN@HOST:PORT/DATABASE and CUTOVER_SOURCE_PASSWORD',
    )
    .option('--target <url>', 'likewise: postgresql://ADMIN@HOST:PORT/DATABASE and CUTOVER_TARGET_PASSWORD')
    .option(
      '--source-ca <file>',
      'certificates (PEM) that its server is verified with; else the system’s and those of RDS',
    )
    .option('--target-ca <file>', 'likewise')
    .option('--source-tls-name <name>', 'the name in its certificate, where the URL has another host (a tunnel)')
    .option('--target-tls-name <name>', 'likewise')
    .option('--empty-target', 'empty the tables of the running target first, if rows stand in them')
    .option(
      '--confirm <database>',
      'the names of the source’s and of the target’s database, instead of typing them: --confirm A --confirm B',
      (name: string, names: readonly string[]) => [...names, name],
      [],
    )
    .exitOverride()
    .action(async (migration: string | undefined, options: RehearsalOptions) => {
      code = await rehearse([...(migration === undefined ? [] : [migration]), ...asArguments(options)]);
    });

  try {
    await program.parseAsync([...args], { from: 'user' });
  } catch (error) {
    if (!(error instanceof CommanderError)) throw error;
    return error.exitCode === 0 ? exitCode.done : exitCode.usage;
  }
  return code;
}

type RehearsalOptions = Readonly<Record<string, string | readonly string[] | true | undefined>>;

/** Options as they were typed: the rehearsal is a program of its own. */
const asArguments = (options: RehearsalOptions): string[] =>
  Object.entries(options).flatMap(([name, value]) => {
    const option = `--${name.replaceAll(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`)}`;
    if (value === undefined) return [];
    if (value === true) return [option];
    return [value].flat().map((each) => `${option}=${String(each)}`);
  });
