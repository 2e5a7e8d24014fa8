import type { Message } from './message';

/** Why a command cannot run as given. */
export const usageMessages = {
  'access-denied': {
    means: 'the credentials may not make an AWS call',
    remedy: 'take on the runbook role of the migration',
  },
  'bad-manifest': {
    means: 'the manifest is of another version, or cannot be read',
    remedy: 'use the release that deployed it, or deploy again',
  },
  'credentials-expired': { means: 'the AWS sign-in has expired', remedy: 'sign in again' },
  'credentials-missing': { means: 'no AWS credentials were found', remedy: 'sign in' },
  'credentials-wrong': { means: 'AWS refuses the credentials', remedy: 'sign in with those of the environment' },
  'database-certificate-not-valid': {
    means: 'a server’s certificate is out of date or otherwise not valid',
    remedy: 'renew it',
  },
  'database-certificate-of-another-authority': {
    means: 'a server’s certificate is not signed by the given authority',
    remedy: 'check certificateAuthority in the definition',
  },
  'database-certificate-of-another-host': {
    means: 'a server shows the certificate of another host',
    remedy: 'check that the host is this side’s, and tlsServerName',
  },
  'database-login-refused': {
    means: 'a server refuses the login for another reason than the password',
    remedy: 'compare secret, account and the server’s rules',
  },
  'database-no-such-database': {
    means: 'the database does not exist on the server',
    remedy: 'check its name in the definition',
  },
  'database-no-tls': { means: 'a server offers no TLS', remedy: 'turn ssl on' },
  'database-reader': { means: 'the host given is a reader', remedy: 'declare the writer’s endpoint' },
  'database-too-many-connections': {
    means: 'a server takes no more connections',
    remedy: 'free some, or raise max_connections',
  },
  'database-too-old': { means: 'a server is older than what the runbooks know', remedy: 'upgrade it in place first' },
  'database-unreachable': {
    means: 'nobody answers at host and port',
    remedy: 'check the definition, security groups and routes',
  },
  'database-wrong-password': {
    means: 'the secret holds another password than the server',
    remedy: 'make both the same',
  },
  'descending-sequence': {
    means: 'a sequence counts down; only sequences that count up are moved',
    remedy: 'change its increment, or exclude its table',
  },
  'engine-not-supported': {
    means: 'the runbooks of this release do not speak to this engine',
    remedy: 'check still asks what DMS and AWS know',
  },
  'loss-not-typed': {
    means: 'a primary is given up only for an interval that somebody has typed',
    remedy: 'type it when asked, or give it after --accept-loss',
  },
  'no-certificate-authority': {
    means: 'the bundle that the certificates are checked with cannot be read',
    remedy: 'put it there, or name another file',
  },
  'no-confirmation': {
    means: 'nobody can be asked, and no --confirm was given',
    remedy: 'give --confirm with the environment’s name',
  },
  'not-started': { means: 'a side has no state of this migration', remedy: 'start the migration' },
  'region-missing': { means: 'no AWS region is set', remedy: 'set AWS_REGION' },
  'review-usage': { means: 'a review was asked for without two assemblies', remedy: 'name both' },
  'secret-malformed': { means: 'a secret is not JSON with username and password', remedy: 'write it anew' },
  'secret-missing': { means: 'a secret does not exist', remedy: 'create it, or correct the definition' },
  'stack-missing': { means: 'a stack of the manifest does not exist', remedy: 'deploy' },
  'task-missing': { means: 'a replication task of the manifest does not exist', remedy: 'deploy' },
  'no-mysql-rows': {
    means: 'the migration has no MySQL or MariaDB source whose rows a PostgreSQL target would take',
    remedy: 'ask cutover check, which is for every migration',
  },
  'third-weighted-record': {
    means: 'a third record of a name takes a share of its traffic',
    remedy: 'remove it, or set its weight to 0',
  },
  'unknown-migration': {
    means: 'no manifest stands under this migration and environment',
    remedy: 'check both names, the profile and the region; or deploy',
  },
  'wrong-account': {
    means: 'the credentials belong to another AWS account than the environment',
    remedy: 'sign in to the account named',
  },
  'wrong-confirmation': {
    means: '--confirm names another environment',
    remedy: 'look whether it is the environment that you mean',
  },
  'wrong-interval': {
    means: 'the interval after --accept-loss is not the one that is unproven now',
    remedy: 'look at the interval that the message names; type that one',
  },
} satisfies Record<string, Message>;
