import type { Manifest, SideManifest } from './sections';

/**
 * What nobody knows before the deployment. In the CDK app these are tokens, in a rehearsal local values; both pass through
 * the builder unread: only `port` is a number, and no text is formatted, split or checked.
 */
export interface DeployedFacts {
  readonly source: DeployedSide;
  readonly target: DeployedSide;
  readonly replication: Pick<Manifest['replication'], 'instanceArn' | 'load' | 'forward' | 'reverse'>;
  readonly routing: {
    readonly zoneId: string;
    /** host:port each; they are asked directly. Empty for a private zone. */
    readonly authoritativeServers: readonly string[];
    /** host:port; absent: the resolver of the computer that runs the procedure. */
    readonly resolver?: string;
    /** Stacks whose update must not be in progress. */
    readonly stackNames: readonly string[];
  };
  readonly alarmNames: readonly string[];
  readonly journalBucket: string;
  readonly topicArn?: string;
}

export interface DeployedSide {
  readonly host: string;
  /** Where a `read` record of level `database` points; absent: `host`. */
  readonly readerHost?: string;
  readonly port: number;
  readonly tlsServerName: string;
  readonly certificateAuthority: SideManifest['certificateAuthority'];
  readonly runbookSecretId: string;
  readonly instanceIdentifier?: string;
}
