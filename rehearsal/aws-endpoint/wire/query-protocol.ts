import { xmlCodec } from './codecs';
import type { WireRequest, WireResponse } from './http-message';
import type { Protocol } from './protocol';
import type { OperationModel, ServiceModel } from './service-model';
import { structure, writeXml, writeXmlError } from './xml-envelope';

const STRING = 0;

function form(request: WireRequest): URLSearchParams {
  return request.headers['content-type']?.startsWith('application/x-www-form-urlencoded') === true
    ? new URLSearchParams(Buffer.from(request.body).toString('utf8'))
    : request.query;
}

type Tree = { [key: string]: Tree | string };

/** Turns `Filters.member.1.Name=x` into the tree that an XML parser would give: numbered keys become lists. */
function formTree(parameters: URLSearchParams): unknown {
  const root: Tree = {};
  for (const [key, value] of parameters) {
    const path = key.split('.');
    const last = path.pop() ?? key;
    let node = root;
    for (const part of path) {
      const next = node[part];
      node = typeof next === 'object' ? next : (node[part] = {});
    }
    node[last] = value;
  }
  return numberedToLists(root);
}

function numberedToLists(node: Tree | string): unknown {
  if (typeof node === 'string') return node;
  const keys = Object.keys(node);
  if (keys.length > 0 && keys.every((key) => /^\d+$/.test(key))) {
    return keys.sort((a, b) => Number(a) - Number(b)).map((key) => numberedToLists(node[key] ?? ''));
  }
  return Object.fromEntries(keys.map((key) => [key, numberedToLists(node[key] ?? '')]));
}

/** AWS Query: a form with `Action` and `Version`, answered in XML as `<XResponse><XResult>`. */
export const queryProtocol: Protocol = {
  match(model: ServiceModel, request: WireRequest): OperationModel | undefined {
    const parameters = form(request);
    if (parameters.get('Version') !== model.version) return undefined;
    return model.operations.get(parameters.get('Action') ?? '');
  },
  async read(model, operation, request): Promise<Record<string, unknown>> {
    if (operation.input.isUnitSchema()) return {};
    const { reader } = xmlCodec(model);
    return (reader.readSchema(operation.input, formTree(form(request))) ?? {}) as Record<string, unknown>;
  },
  write(model, operation, output, requestId): WireResponse {
    const metadata = structure('ResponseMetadata', [['RequestId', STRING]]);
    const result: [string, unknown][] = operation.output.isUnitSchema()
      ? []
      : [[`${operation.name}Result`, operation.output.getSchema()]];
    const envelope = structure(`${operation.name}Response`, [...result, ['ResponseMetadata', metadata]]);
    const value = { [`${operation.name}Result`]: output, ResponseMetadata: { RequestId: requestId } };
    return { status: 200, headers: { 'content-type': 'text/xml' }, body: writeXml(model, envelope, value) };
  },
  writeError: (model, error): WireResponse => writeXmlError(model, error, false),
};
