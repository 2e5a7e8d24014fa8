import { FromStringShapeDeserializer, ToStringShapeSerializer } from '@smithy/core/protocols';
import { NormalizedSchema } from '@smithy/core/schema';
import { fromBase64, toBase64 } from '@smithy/core/serde';
import { xmlCodec } from './codecs';
import type { WireRequest, WireResponse } from './http-message';
import { matchRoute } from './http-route';
import type { Protocol } from './protocol';
import { membersOf } from './service-model';
import type { OperationModel, ServiceModel } from './service-model';
import { memberReference, structure, writeXml, writeXmlError } from './xml-envelope';

const bindingSettings = { timestampFormat: { useTrait: true, default: 5 as const }, httpBindings: true };
const fromString = new FromStringShapeDeserializer(bindingSettings);
const toHeader = new ToStringShapeSerializer(bindingSettings);
fromString.setSerdeContext({ base64Decoder: fromBase64 } as never);
toHeader.setSerdeContext({ base64Encoder: toBase64 } as never);

function headersBelow(prefix: string, request: WireRequest): Record<string, string> | undefined {
  const wanted = prefix.toLowerCase();
  const found = Object.entries(request.headers).filter(([name]) => name.startsWith(wanted));
  return found.length === 0 ? undefined : Object.fromEntries(found.map(([name, v]) => [name.slice(wanted.length), v]));
}

function fromQuery(member: NormalizedSchema, values: string[]): unknown {
  if (values.length === 0) return undefined;
  if (!member.isListSchema()) return fromString.read(member, values[0] ?? '');
  return values.map((value) => fromString.read(member.getValueSchema() as never, value) as unknown);
}

/** One member of the input from its place in the request; `body` marks members that stand in the XML document. */
function readMember(member: NormalizedSchema, request: WireRequest, label: string | undefined): unknown {
  const traits = member.getMergedTraits();
  if (traits.httpLabel === 1) return label === undefined ? undefined : (fromString.read(member, label) as unknown);
  if (traits.httpQuery !== undefined) return fromQuery(member, request.query.getAll(traits.httpQuery));
  if (traits.httpPrefixHeaders !== undefined) return headersBelow(traits.httpPrefixHeaders, request);
  const header = request.headers[traits.httpHeader?.toLowerCase() ?? ''];
  return header === undefined ? undefined : (fromString.read(member, header) as unknown);
}

function inBody(member: NormalizedSchema): boolean {
  const { httpLabel, httpQuery, httpHeader, httpPrefixHeaders, httpQueryParams, httpResponseCode } =
    member.getMergedTraits();
  return (
    (httpLabel ?? httpQuery ?? httpHeader ?? httpPrefixHeaders ?? httpQueryParams ?? httpResponseCode) === undefined
  );
}

function readPayload(model: ServiceModel, member: NormalizedSchema, body: Uint8Array): unknown {
  if (member.isBlobSchema()) return body;
  if (member.isStringSchema()) return Buffer.from(body).toString('utf8');
  return body.length === 0 ? undefined : (xmlCodec(model).reader.read(member.getSchema(), body) as unknown);
}

function writeHeaders(output: Record<string, unknown>, members: [string, NormalizedSchema][]): Record<string, string> {
  const headers: Record<string, string> = {};
  for (const [name, member] of members) {
    const value = output[name];
    const { httpHeader, httpPrefixHeaders } = member.getMergedTraits();
    if (value === undefined || value === null) continue;
    if (httpHeader !== undefined) {
      toHeader.write(member, value);
      headers[httpHeader.toLowerCase()] = toHeader.flush();
    } else if (httpPrefixHeaders !== undefined) {
      for (const [key, text] of Object.entries(value)) headers[`${httpPrefixHeaders}${key}`] = String(text);
    }
  }
  return headers;
}

function writeBody(model: ServiceModel, operation: OperationModel, output: Record<string, unknown>) {
  const members = membersOf(operation.output).filter(([, member]) => inBody(member));
  const payload = members.find(([, member]) => member.getMergedTraits().httpPayload === 1);
  if (payload !== undefined) {
    const [name, member] = payload;
    const value = output[name];
    if (member.isBlobSchema() || member.isStringSchema()) return (value as Uint8Array | string | undefined) ?? '';
    return value === undefined ? '' : writeXml(model, member.getSchema(), value);
  }
  if (members.length === 0) return '';
  const references = members.map(([key, member]) => [key, memberReference(member)] as const);
  return writeXml(model, structure(operation.output.getName() ?? 'Response', references), output);
}

/** restXml. `bucketFirst`: path-style S3, whose errors are also a bare `<Error>` document. */
export function restXmlProtocol(bucketFirst: boolean): Protocol {
  return {
    match: (model, request): OperationModel | undefined => matchRoute(model, request, bucketFirst)?.operation,
    async read(model, operation, request): Promise<Record<string, unknown>> {
      const labels = matchRoute(model, request, bucketFirst)?.labels ?? {};
      const members = membersOf(operation.input);
      const payload = members.find(([, member]) => member.getMergedTraits().httpPayload === 1);
      const hasDocument = payload === undefined && request.body.length > 0 && !operation.input.isUnitSchema();
      const input = hasDocument
        ? (xmlCodec(model).reader.read(operation.input.getSchema(), request.body) as Record<string, unknown>)
        : {};
      for (const [name, member] of members) {
        const value = inBody(member)
          ? name === payload?.[0]
            ? readPayload(model, member, request.body)
            : input[name]
          : readMember(member, request, labels[name]);
        if (value !== undefined) input[name] = value;
      }
      return input;
    },
    write(model, operation, output): WireResponse {
      const values = output as Record<string, unknown>;
      const headers = writeHeaders(values, membersOf(operation.output));
      const body = writeBody(model, operation, values);
      if (typeof body === 'string' && body !== '') headers['content-type'] ??= 'application/xml';
      const partial = headers['content-range'] !== undefined;
      return { status: partial ? 206 : (operation.http?.[2] ?? 200), headers, body };
    },
    writeError: (model, error): WireResponse => writeXmlError(model, error, bucketFirst),
  };
}
