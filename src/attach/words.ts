/** What the two halves of `attach` say to each other: lines of JSON from there, plain lines from here. */

/** The far machine, as its Node describes it. */
export interface Machine {
  /** `process.platform`. */
  readonly platform: string;
  /** `process.arch`. */
  readonly arch: string;
  /** The name of the C library; on Linux only. */
  readonly libc: 'glibc' | 'musl' | undefined;
  /** Its Node's version, without a "v". */
  readonly node: string;
}

/** The editors' name of a machine's platform: `linux-x64`, `alpine-arm64`, … */
export function platformOf({ platform, arch, libc }: Pick<Machine, 'platform' | 'arch' | 'libc'>): string {
  return `${libc === 'musl' ? 'alpine' : platform}-${arch}`;
}

/** A folder that could not be used, and why. */
export type Tried = readonly [folder: string, reason: string];

/** The far machine has no Node of use; `lacks` names the programs without which none can be sent there. */
export interface NoNode {
  readonly is: 'noNode';
  /** What `uname -s` says; `machine` is what `uname -m` says. */
  readonly system: string;
  readonly machine: string;
  readonly musl: boolean;
  readonly lacks: string;
}

/** What the far half says, each on a line of its own behind the nonce. */
export type Word =
  | { readonly is: 'terminal' }
  | NoNode
  | ({ readonly is: 'machine' } & Machine)
  /** The payload is needed, and goes to that folder. */
  | { readonly is: 'need'; readonly folder: string }
  /** From here on the stream is the exec-server's. */
  | { readonly is: 'ready'; readonly folder: string }
  /** No place can be written to, or none may hold programs. */
  | { readonly is: 'noPlace'; readonly tried: readonly Tried[] }
  /** What came is not what was sent. */
  | { readonly is: 'damaged' }
  /** The system's own words. */
  | { readonly is: 'failed'; readonly reason: string };

/** A payload's folder has this file once all of it is there. */
export const COMPLETE = '.complete';
/** The exec-server in a payload: a bundle with a function `serve`. */
export const SERVER = 'dist/serve.js';
