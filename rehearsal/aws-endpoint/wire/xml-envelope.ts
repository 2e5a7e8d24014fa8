import { NormalizedSchema } from '@smithy/core/schema';
import type { Schema, StaticStructureSchema } from '@smithy/types';
import { xmlCodec } from './codecs';
import type { WireResponse } from './http-message';
import type { WireError } from './protocol';
import { membersOf } from './service-model';
import type { ServiceModel } from './service-model';

const STRING = 0;

/** A structure made on the spot, so that envelopes are written by the SDK's own serializer and not as strings. */
export function structure(name: string, members: readonly (readonly [string, unknown])[]): StaticStructureSchema {
  return [3, 'rehearsal.envelope', name, 0, members.map(([key]) => key), members.map(([, schema]) => schema as never)];
}

export function writeXml(model: ServiceModel, schema: Schema, value: unknown): string {
  const { writer } = xmlCodec(model);
  writer.write(schema, value);
  return `<?xml version="1.0" encoding="UTF-8"?>\n${String(writer.flush())}`;
}

function modeledMembers(error: WireError): (readonly [string, NormalizedSchema])[] {
  if (error.schema === undefined) return [];
  return membersOf(NormalizedSchema.of(error.schema as never)).filter(
    ([name]) => name !== 'message' && name !== 'Message' && error.thrown[name] !== undefined,
  );
}

/** `<ErrorResponse><Error>` as Query and Route 53 answer; S3 answers a bare `<Error>`. */
export function writeXmlError(model: ServiceModel, error: WireError, bare: boolean): WireResponse {
  const members = modeledMembers(error);
  const detail = Object.fromEntries(members.map(([name]) => [name, error.thrown[name]]));
  const type = error.status < 500 ? 'Sender' : 'Receiver';
  const value = { Type: type, Code: error.code, Message: error.message, RequestId: error.requestId, ...detail };
  const schema = structure('Error', [
    ...(bare ? [] : ([['Type', STRING]] as const)),
    ['Code', STRING],
    ['Message', STRING],
    ...(bare ? ([['RequestId', STRING]] as const) : []),
    ...members.map(([name, member]) => [name, memberReference(member)] as const),
  ]);
  const body = bare
    ? writeXml(model, schema, value)
    : writeXml(
        model,
        structure('ErrorResponse', [
          ['Error', schema],
          ['RequestId', STRING],
        ]),
        {
          Error: value,
          RequestId: error.requestId,
        },
      );
  return { status: error.status, headers: { 'content-type': bare ? 'application/xml' : 'text/xml' }, body };
}

/** A member's schema with its traits, in the form that a structure holds. */
export function memberReference(member: NormalizedSchema): unknown {
  return [member.getSchema(), member.getMemberTraits()];
}
