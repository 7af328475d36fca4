export type Access = 'read' | 'write' | 'deny';

/** What a rule is about. */
export type RulePlace =
  /** The whole file system. */
  | 'root'
  /** The folders of the system's programs and libraries. */
  | 'minimal'
  /** The `TMPDIR` of the process. */
  | 'tmpdir'
  /** An absolute path, not yet resolved. */
  | { readonly path: string }
  /** A pattern below an absolute folder: see `Glob`. */
  | { readonly under: string; readonly pattern: string };

export interface FileRule {
  readonly place: RulePlace;
  readonly access: Access;
  /** The rule does not count while nothing is at its path. */
  readonly skipMissing?: boolean;
}

export interface FileRules {
  /** Their order has no meaning. */
  readonly rules: readonly FileRule[];
  /** Folders below the start of a pattern that are searched for what it matches; at least 1; undefined for all. */
  readonly patternDepth?: number | undefined;
}

/** What a sandbox was asked to do, decoded and checked, whatever the words in which it was asked for. */
export interface SandboxRequest {
  /** `all` restricts nothing. */
  readonly files: 'all' | FileRules;
  /** Whether the network of the host may be used. */
  readonly network: boolean;
}

/** Whether the request restricts nothing, so that no sandbox is needed. */
export function isUnrestricted(request: SandboxRequest): boolean {
  return request.files === 'all' && request.network;
}
