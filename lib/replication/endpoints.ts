import * as dms from 'aws-cdk-lib/aws-dms';
import type { Construct } from 'constructs';
import { familyOf } from '../../definition/engines';
import type { SideName } from '../../definition/manifest/sections';
import { forwardSlotName, reverseSlotName } from '../../definition/replication/names';
import type { Environment } from '../../definition/schema/environment';
import type { Migration } from '../../definition/schema/migration';
import { dmsResourceIdentifier } from '../naming';
import { certificateAuthorityOf, pemOf } from './certificate-authority';
import { dmsEngineName, sourceSettings, sslMode, targetSettings } from './endpoint-settings';

interface Props {
  readonly environment: Environment;
  readonly name: string;
  readonly migration: Migration;
  readonly roleArn: string;
  readonly secretArns: Record<SideName, string>;
  /** What must stand before DMS opens the secrets: the policy of its role. */
  readonly dependency: Construct;
}

/** Which end of a task an endpoint is, and for PostgreSQL the slot that it reads. */
export interface Endpoints {
  readonly loadFrom: string;
  readonly forwardFrom: string;
  readonly forwardTo: string;
  readonly reverseFrom: string;
  readonly reverseTo: string;
}

export function endpoints(scope: Construct, props: Props): Endpoints {
  const { environment, name, migration } = props;
  const certificates = (['source', 'target'] as const).map((side) => {
    const certificate = new dms.CfnCertificate(scope, `Certificate${side === 'source' ? 'Source' : 'Target'}`, {
      certificateIdentifier: dmsResourceIdentifier(environment.name, name, side, 'ca'),
      certificatePem: pemOf(certificateAuthorityOf(environment, migration, side)),
    });
    return [side, certificate.ref] as const;
  });
  const certificateArn = new Map<SideName, string>(certificates);

  const endpoint = (id: string, side: SideName, end: 'source' | 'target', words: string[], slot?: string): string => {
    const { engine } = migration[side];
    const identifier = dmsResourceIdentifier(environment.name, name, ...words);
    const access = { secretArn: props.secretArns[side], roleArn: props.roleArn };
    const isMysql = familyOf(engine) === 'mysql';
    const resource = new dms.CfnEndpoint(scope, id, {
      endpointIdentifier: identifier,
      resourceIdentifier: identifier,
      endpointType: end,
      engineName: dmsEngineName(engine),
      // A MySQL endpoint has no database: schemas come from the table mappings (AWS::DMS::Endpoint).
      ...(isMysql ? {} : { databaseName: migration[side].database ?? migration.source.database }),
      sslMode: sslMode(engine),
      certificateArn: certificateArn.get(side),
      ...(end === 'source' ? sourceSettings(engine, access, migration, slot) : targetSettings(engine, access)),
    });
    resource.node.addDependency(props.dependency);
    return resource.ref;
  };
  const isPostgres = (side: SideName) => familyOf(migration[side].engine) === 'postgres';
  return {
    loadFrom: endpoint('LoadFrom', 'source', 'source', ['load', 'from']),
    forwardFrom: endpoint(
      'ForwardFrom',
      'source',
      'source',
      ['forward', 'from'],
      isPostgres('source') ? forwardSlotName(name, migration) : undefined,
    ),
    forwardTo: endpoint('ForwardTo', 'target', 'target', ['forward', 'to']),
    reverseFrom: endpoint(
      'ReverseFrom',
      'target',
      'source',
      ['reverse', 'from'],
      isPostgres('target') ? reverseSlotName(name, migration) : undefined,
    ),
    reverseTo: endpoint('ReverseTo', 'source', 'target', ['reverse', 'to']),
  };
}
