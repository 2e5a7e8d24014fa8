import type { Message } from './message';

/** Why a gate says no. */
export const gateMessages = {
  'account-fault': {
    means: 'a declared account is not what it is declared to be: superuser, owner, writing reader, or missing',
    remedy: 'run the statement that the message names, or declare the account as what it is',
  },
  alarm: {
    means: 'an alarm of the definition is ringing, or does not exist',
    remedy: 'look at the alarm and end its cause',
  },
  'apply-exceptions': {
    means: 'replication could not apply a row, or has suspended a table',
    remedy: 'repair the rows, verify, then empty the exception table',
  },
  cascades: {
    means:
      'foreign keys of MySQL or MariaDB delete or change rows of a child table without writing that to the binlog, so that replication does not bring it',
    remedy:
      'let the application delete the children itself and run the DDL of the message, or waive "cascades" by name: the child tables are then compared row by row under the fence',
  },
  'consistency-not-held': {
    means: 'the data has not been found equal for as long as the definition asks',
    remedy: 'wait, then verify again',
  },
  'conversion-does-not-fit': {
    means:
      'the target cannot convert the column by the expressions of the definition, or has a value of its own for the converted one',
    remedy:
      'correct the expressions, or the columns of the target, and deploy; functions of extensions need their schema',
  },
  'conversion-trigger-missing': {
    means: 'nothing keeps a converted column of the target equal to the column that replication carries',
    remedy: 'run the SQL that the message gives, as the owner of the table',
  },
  'data-does-not-fit': {
    means: 'rows of the source hold what the target refuses or would take as something else',
    remedy: 'correct the rows that the message counts, by the keys it names, or waive "data" for the table by name',
  },
  'data-not-looked-at': {
    means:
      'tables of the source have no counterpart on the target, cannot be seen, or were not reached before the reading ended: nothing is known of their rows',
    remedy: 'make the schema of the target, grant what is missing, or read once more; waive "data" for a table by name',
  },
  'data-differs': {
    means: 'rows differ between the sides, or could not be compared',
    remedy: 'repair the rows on the side that is not primary, or reload the table, then verify again',
  },
  'ddl-under-way': {
    means: 'somebody changes a migrated table at this moment',
    remedy: 'wait for the end of the change, or cancel it',
  },
  'event-under-fence': {
    means: 'an event of the database itself is enabled on the fenced side',
    remedy: 'disable the event that the message names',
  },
  'firing-trigger': {
    means: 'a trigger or rule fires for replicated rows too, so its work would be done twice',
    remedy: 'enable it neither ALWAYS nor as REPLICA',
  },
  'gate-not-asked': {
    means:
      'a question of `check` has failed (a privilege is missing, a server does not answer): nothing is known of it',
    remedy: 'end the cause that the message names, then check again',
  },
  'health-check-on-write-record': {
    means: 'a health check could move writes to a stale side by itself',
    remedy: 'remove the health check from the write record',
  },
  'lag-metric-frozen': {
    means: 'the newest latency that DMS published is too old to say anything about now',
    remedy: 'look at the task and its metrics; watch again',
  },
  'lag-metric-silent': {
    means: 'DMS has published no latency; silence is not zero',
    remedy: 'look at the task and its metrics; watch again',
  },
  'lag-signals-disagree': {
    means: 'DMS says a latency above the limit, the heartbeats one below',
    remedy: 'find out which one is right before you go on; watch again',
  },
  'lag-too-high': {
    means: 'replication is further behind than the definition allows',
    remedy: 'wait until it has caught up; watch again',
  },
  'loss-not-accepted': {
    means: 'more is unproven than the interval that was accepted holds',
    remedy: 'look at the interval again, and accept that one',
  },
  'marker-too-slow': {
    means: 'a row sent through replication has needed too long',
    remedy: 'look at the load of replication; watch again',
  },
  'missing-grant': {
    means: 'an account of the application may not do on the side that shall open what it may on the primary',
    remedy: 'run the GRANTs that the message names',
  },
  'missing-privilege': {
    means: 'the runbook’s own account lacks a privilege that a later step needs',
    remedy: 'run the GRANT that the message names',
  },
  'never-verified': { means: 'no full verification stands on record', remedy: 'verify with --execute' },
  'no-backups': { means: 'the target keeps its backups for too short', remedy: 'raise the retention of the instance' },
  'no-statistics': { means: 'tables were never analysed where they shall be read', remedy: 'ANALYZE them' },
  'not-validated': {
    means: 'DMS’s own comparison has not found every row of a table equal',
    remedy: 'read its failures on the target; repair, or waive the table by name',
  },
  'old-transaction': {
    means: 'a transaction has been open for longer than allowed: the fence would have to cut it',
    remedy: 'end it, or wait for it',
  },
  'pause-leaves-no-room': {
    means: 'undoing, TTL and propagation, as they were measured, leave no time for a drain within the write pause',
    remedy: 'find what has become slow, or allow a longer pause',
  },
  'prepared-transaction': {
    means: 'a two-phase transaction waits for its second phase',
    remedy: 'commit or roll it back',
  },
  'primary-answers': {
    means: 'the side that shall be given up answers, so nothing has to be lost',
    remedy: 'switch or roll back without --accept-loss; look at the status',
  },
  'record-not-adoptable': {
    means: 'a record stands in another way than a simple CNAME of the source, so its adoption would move traffic',
    remedy: 'put the record right by hand, or correct the definition',
  },
  'record-missing': { means: 'a name has no weighted pair of records', remedy: 'deploy the routing' },
  'retention-too-short': {
    means: 'the log of the side that opens is not kept for the rollback window',
    remedy:
      'let the server keep its log for longer (max_slot_wal_keep_size, binlog_expire_logs_seconds, on RDS for MySQL binlog retention hours), or shorten the window',
  },
  'reverse-fitness': {
    means: 'the target takes values that the MySQL side cannot hold, so that a rollback could lose or change writes',
    remedy:
      'run the SQL of the message on the target as the owner of its tables, or waive "reverse-fitness" by name with a reason that says "rollback lossy"',
  },
  'schema-differs': {
    means: 'the target lacks something that the source has, or has it otherwise',
    remedy: 'run the DDL that the message names, or waive it by name',
  },
  'sequence-near-end': {
    means: 'a sequence, or the column that it feeds, has few values left',
    remedy: 'widen the column and the sequence',
  },
  'sequence-on-one-side': {
    means: 'a sequence, identity or AUTO_INCREMENT of one side has no counterpart on the other',
    remedy: 'let the column count by itself on both sides, or waive "schema" for its table by name',
  },
  'setting-fault': {
    means: 'a server setting does not allow logical replication out of a side',
    remedy: 'change the parameter group; some parameters need a restart',
  },
  'side-not-closed': {
    means: 'the side that is let go still lets somebody in',
    remedy: 'look at the status; close the side',
  },
  'slot-losing-log': {
    means:
      'the log that a replication slot or a remembered binlog position needs is lost, or is lost at the next checkpoint',
    remedy: 'look at the status; what lost its log needs a new load',
  },
  'stack-updating': {
    means: 'CloudFormation changes a stack of the migration',
    remedy: 'wait for the end of the deploy',
  },
  'table-not-replicated': {
    means: 'DMS reports a table in another state than completed',
    remedy: 'repair the table and reload it in DMS',
  },
  'table-without-key': {
    means: 'updates and deletes of a table without a primary key are not replicated',
    remedy: 'add a key, exclude the table, or waive it by name',
  },
  'table-without-transactions': {
    means:
      'a table of the source is kept by an engine without transactions (MyISAM, Aria): what is rolled back stays there, and nothing replicates that',
    remedy: 'run the statements of the message on the source (ENGINE = InnoDB), or exclude the table',
  },
  'task-not-running': {
    means: 'no replication task of this direction runs',
    remedy: 'read its last failure in DMS, mend that, start it again',
  },
  'too-many-changes': {
    means: 'more was written than can be proven equal within the write pause',
    remedy: 'switch when fewer rows are written, or allow a longer pause',
  },
  'ttl-lowered-recently': {
    means: 'the TTL is low, but resolvers still hold an answer with the old one',
    remedy: 'wait for the seconds named',
  },
  'ttl-too-high': {
    means: 'a record’s TTL is above the limit: clients would follow late',
    remedy: 'lower it, deploy, wait for longer than the old one',
  },
  'undeclared-account': {
    means: 'an account that nobody declared can log in, or is connected',
    remedy: 'declare it, or take LOGIN from it and end its sessions',
  },
  'verification-exceeds-pause': {
    means: 'the proof under the fence takes longer than the write pause allows',
    remedy: 'allow a longer pause, or verify fewer rows under the fence',
  },
  'verification-not-clean': {
    means: 'the last verification found differences',
    remedy: 'repair them, then verify with --execute',
  },
  'verification-too-old': {
    means: 'the last clean verification is older than allowed',
    remedy: 'verify with --execute',
  },
  'weights-changed': {
    means: 'the weights of a write record point to the side that is not primary',
    remedy: 'look at the status; put the weights back',
  },
  'weights-disagree': {
    means: 'Route 53 and the SSM parameters say different weights: a deploy would move traffic',
    remedy: 'put the parameters to what Route 53 says',
  },
  'window-not-passed': { means: 'the rollback window is still open', remedy: 'wait until the time named' },
  'window-unknown': { means: 'no switch stands on record', remedy: 'look at the status' },
  'write-record-split': {
    means: 'the weights of a write record are split: two masters',
    remedy: 'look at the status; put all weight on the primary',
  },
} satisfies Record<string, Message>;
