import type { WireRequest } from './http-message';
import { membersOf } from './service-model';
import type { OperationModel, ServiceModel } from './service-model';

/** Where a REST request's operation and its path labels were found. */
export interface RouteMatch {
  readonly operation: OperationModel;
  readonly labels: Readonly<Record<string, string>>;
}

interface Route {
  readonly operation: OperationModel;
  readonly method: string;
  readonly pattern: RegExp;
  readonly labelNames: readonly string[];
  /** Literal query parameters of the URI; `x-id` only names the operation and may be absent. */
  readonly literals: readonly (readonly [string, string])[];
  readonly requiredQuery: readonly string[];
  readonly requiredHeaders: readonly string[];
  readonly bucketInPath: boolean;
}

const routesByModel = new WeakMap<ServiceModel, readonly Route[]>();

function compile(operation: OperationModel): Route | undefined {
  if (operation.http === undefined) return undefined;
  const [method, uri] = operation.http;
  const [path = '', search = ''] = uri.split('?');
  const labelNames: string[] = [];
  const source = path.replace(/\/$/, '').replace(/\{([^}+]+)(\+?)\}/g, (_all, name: string, greedy: string) => {
    labelNames.push(name);
    return greedy === '+' ? '(.+)' : '([^/]+)';
  });
  const required = (operation.input.getSchema() as unknown[])[6] as number | undefined;
  const members = membersOf(operation.input);
  const requiredMembers = members.slice(0, required ?? 0).map(([, member]) => member.getMergedTraits());
  return {
    operation,
    method,
    pattern: new RegExp(`^${source}/?$`),
    labelNames,
    literals: [...new URLSearchParams(search)],
    requiredQuery: requiredMembers.flatMap((traits) => (traits.httpQuery === undefined ? [] : [traits.httpQuery])),
    requiredHeaders: requiredMembers.flatMap((t) => (t.httpHeader === undefined ? [] : [t.httpHeader.toLowerCase()])),
    bucketInPath: members.some(([name, member]) => name === 'Bucket' && member.getMergedTraits().httpLabel === 1),
  };
}

function routesOf(model: ServiceModel): readonly Route[] {
  let routes = routesByModel.get(model);
  if (routes === undefined) {
    routes = [...model.operations.values()].flatMap((operation) => compile(operation) ?? []);
    routesByModel.set(model, routes);
  }
  return routes;
}

/** How exactly a route fits the request's query and headers; undefined if it does not. */
function fit(route: Route, request: WireRequest): number | undefined {
  for (const [key, value] of route.literals) {
    const given = request.query.get(key);
    if (key === 'x-id' ? given !== null && given !== value : given !== value) return undefined;
  }
  if (!route.requiredQuery.every((key) => request.query.has(key))) return undefined;
  if (!route.requiredHeaders.every((key) => request.headers[key] !== undefined)) return undefined;
  const literals = route.literals.filter(([key]) => request.query.has(key));
  return literals.length + route.requiredQuery.length + route.requiredHeaders.length;
}

function splitBucket(path: string): { bucket: string | undefined; rest: string } {
  const [, bucket, rest] = /^\/([^/]+)(.*)$/.exec(path) ?? [];
  return { bucket, rest: rest === undefined || rest === '' ? '/' : rest };
}

/**
 * Finds the operation of a REST request by method, path and query. With `bucketFirst` (S3, path style) the first path
 * segment is the bucket, which the model's URIs leave out.
 */
export function matchRoute(model: ServiceModel, request: WireRequest, bucketFirst: boolean): RouteMatch | undefined {
  const { bucket, rest } = splitBucket(request.path);
  const path = bucketFirst ? rest : request.path;
  let best: { match: RouteMatch; score: number } | undefined;
  for (const route of routesOf(model)) {
    if (route.method !== request.method) continue;
    if (bucketFirst && route.bucketInPath !== (bucket !== undefined)) continue;
    const found = route.pattern.exec(path);
    const score = found === null ? undefined : fit(route, request);
    if (found === null || score === undefined || (best !== undefined && best.score >= score)) continue;
    const labels = Object.fromEntries(
      route.labelNames.map((name, i) => [name, decodeURIComponent(found[i + 1] ?? '')]),
    );
    if (bucketFirst && bucket !== undefined) labels['Bucket'] = decodeURIComponent(bucket);
    best = { match: { operation: route.operation, labels }, score };
  }
  return best?.match;
}
