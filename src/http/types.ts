import type { MemoryBudget } from './body/memoryBudget';
import type { Network } from './network/network';

/** A header of a request. */
export interface HttpRequestHeader {
  readonly name: string;
  readonly value: string;
  /** A variable of the executor's environment that is appended to `value`. */
  readonly valueEnvVar?: string | null | undefined;
}

/** A header of a response: the name in lower case, the value as it came. */
export interface HttpHeader {
  readonly name: string;
  readonly value: string;
}

/** `follow` goes after up to ten redirects, `stop` hands them out as responses. */
export type RedirectPolicy = 'follow' | 'stop';

export interface HttpRequestParams {
  /** Any HTTP token, sent as it is written. */
  readonly method: string;
  /** Absolute, http or https. */
  readonly url: string;
  readonly headers?: readonly HttpRequestHeader[] | undefined;
  readonly body?: Uint8Array | null | undefined;
  /** Milliseconds for everything, the body included; 0 fails at once, none is no limit. */
  readonly timeoutMs?: number | null | undefined;
  /** Absent means `follow`. */
  readonly redirectPolicy?: RedirectPolicy | undefined;
}

export interface HttpResponse {
  readonly status: number;
  /** In order and with repeats; values that are not visible ASCII are left out. */
  readonly headers: readonly HttpHeader[];
  /** The body as it came over the wire, not decompressed. */
  readonly body: Buffer;
}

/** The executor's environment, for `valueEnvVar`. */
export type Variables = Readonly<Record<string, string | undefined>>;

/** What requests are made with. */
export interface HttpHost {
  readonly env: Variables;
  readonly network: Network;
  /** Pays for bodies that are here. */
  readonly budget: MemoryBudget;
}
