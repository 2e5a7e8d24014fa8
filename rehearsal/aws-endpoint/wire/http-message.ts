/** A request as it came in, body complete and unzipped. Header names are in lower case. */
export interface WireRequest {
  readonly method: string;
  /** Path as sent, still percent-encoded. */
  readonly path: string;
  readonly query: URLSearchParams;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Uint8Array;
}

/** An answer ready to be sent. */
export interface WireResponse {
  status: number;
  headers: Record<string, string>;
  body: Uint8Array | string;
}
