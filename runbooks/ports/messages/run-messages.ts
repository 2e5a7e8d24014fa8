import type { Message } from './message';

/** What happens while a runbook runs, and how it ends. */
export const runMessages = {
  'account-missing': {
    means: 'under the fence: a declared account does not exist, so its lock proves nothing',
    remedy: 'create it, or take it from the definition',
  },
  'account-not-locked': {
    means: 'under the fence: an account can still log in',
    remedy: 'the run unwinds by itself; check who unlocked it',
  },
  'bake-trouble': {
    means: 'after a switch: errors, lag or alarms while the new primary is watched',
    remedy: 'consider rolling back',
  },
  'decided-already': {
    means: 'the decision has fallen, so it is not unwound but brought to its end',
    remedy: 'roll back afterwards if the old side shall serve',
  },
  declined: {
    means: 'the operator did not type the environment’s name',
    remedy: 'type it when asked, or give --confirm',
  },
  'dms-gates-only': {
    means: 'the runbooks do not speak to a database of the migration, so only DMS and AWS were asked',
    remedy: 'check by hand what the databases would say, before anything is switched by hand',
  },
  failed: { means: 'the run has ended with an error; nothing is half done', remedy: 'look at the status' },
  'fence-unproven': {
    means: 'the fence could not be looked at in time',
    remedy: 'the run unwinds by itself; look at the server',
  },
  interrupted: { means: 'the operator has interrupted the run', remedy: 'look at the status' },
  'journal-not-uploaded': {
    means: 'records of an earlier run still stand on this computer alone',
    remedy: 'run any verb again once the journal’s bucket answers',
  },
  'journal-uploaded': { means: 'records that were kept on this computer stand in the journal now', remedy: 'nothing' },
  'lock-held': {
    means: 'another operator holds the migration',
    remedy: 'wait; if that process is dead, resume or abort',
  },
  'lock-left': {
    means: 'the run has ended, but could not release its lock',
    remedy: 'type the command named once the journal’s bucket answers: it takes the lock over',
  },
  'login-accepted': {
    means: 'under the fence: a login with an account’s real credentials still succeeds',
    remedy: 'the run unwinds by itself; take LOGIN from the account',
  },
  'login-not-refused-by-lock': {
    means: 'under the fence: a login is refused, but not by the lock, so the lock is not proven',
    remedy: 'make the account’s secret its real credentials',
  },
  'login-under-fence': { means: 'under the fence: a login that began before is not finished', remedy: 'wait for it' },
  partial: {
    means: 'what was seen contradicts itself, or an undo has failed: act now',
    remedy: 'do what the last line says',
  },
  'plan-only': { means: 'only the plan was shown', remedy: 'add --execute to act' },
  'rollback-ready': { means: 'the old side follows: a roll-back loses nothing from now on', remedy: 'nothing' },
  'route-not-in-sync': {
    means: 'Route 53 has not reported INSYNC in time',
    remedy: 'nothing: the write gates keep all writes on one side; watch DNS',
  },
  'session-under-fence': { means: 'under the fence: sessions are left', remedy: 'the run unwinds by itself; end them' },
  'not-notified': {
    means: 'the notification could not be sent; the run itself ended as it says',
    remedy: 'tell people yourself, look at the topic',
  },
  'window-drift': {
    means: 'schema, grants or a secret have changed since the switch; a way back would meet them',
    remedy: 'make the same change on the other side, or undo it',
  },
  'slot-idle': {
    means: 'a replication slot keeps log for a reader that is not there',
    remedy: 'start its reader, or drop it as the message says',
  },
  'slot-left': { means: 'a replication slot could not be dropped and keeps log', remedy: 'drop it' },
  'still-arriving': {
    means: 'replication still applies what it had fetched from the side that is given up',
    remedy: 'nothing: what has not arrived lies within the accepted interval',
  },
  'takes-over': {
    means: 'the run takes the migration over from another one',
    remedy: 'be sure that the other one is dead',
  },
  'transaction-under-fence': {
    means: 'under the fence: a transaction that began before goes on',
    remedy: 'the run unwinds by itself; end it',
  },
  'undo-failed': { means: 'a step could not be undone; the others were', remedy: 'do what the last line says' },
  'unproven-interval': {
    means: 'what the dead primary committed in this interval is not known to be on the other side',
    remedy: 'decide whether it may be lost; wait for the primary otherwise',
  },
  unwound: { means: 'the run was undone: all is as before', remedy: 'end the cause, then check' },
  'wrong-situation': { means: 'the verb does not fit where the migration stands', remedy: 'type the command named' },
} satisfies Record<string, Message>;
