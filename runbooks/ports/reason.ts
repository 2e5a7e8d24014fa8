/** Why a gate said no: enough for the operator to act without reading code. */
export interface Reason {
  /** Key of the message catalogue, e.g. `lag-too-high`. */
  readonly code: string;
  /** One sentence with the value and the limit in it. */
  readonly text: string;
  readonly value?: string | number;
  readonly limit?: string | number;
  readonly unit?: string;
  /** The setting of the definition that holds the limit, e.g. `gates.maxLagSeconds`. */
  readonly setting?: string;
  /** The one thing to do next: a command, or SQL to run. */
  readonly next?: string;
  /** The same for programs, where the text alone would have to be taken apart. */
  readonly data?: Readonly<Record<string, unknown>>;
  /** What a definition would waive to accept it as it stands; without what a statement of `next` puts right. */
  readonly waivable?: { readonly check: string; readonly tables: readonly string[] };
}
