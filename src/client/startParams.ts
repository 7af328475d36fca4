import { fromNativePath } from '../protocol';

/** What to start on a server (PROTOCOL chapter 5). */
export interface StartParams {
  /** Unique in this client's session. */
  readonly processId: string;
  readonly argv: readonly string[];
  /** Absolute path as the server's machine writes it, or a `file:` URL. */
  readonly cwd: string;
  readonly env: Readonly<Record<string, string>>;
  readonly envPolicy?:
    | {
        readonly inherit: 'all' | 'core' | 'none';
        readonly ignoreDefaultExcludes: boolean;
        readonly exclude: readonly string[];
        readonly set: Readonly<Record<string, string>>;
        readonly includeOnly: readonly string[];
      }
    | undefined;
  readonly tty: boolean;
  readonly pipeStdin: boolean;
  readonly arg0?: string | undefined;
  readonly size?: { readonly rows: number; readonly cols: number } | undefined;
}

/** As they travel. Throws a sentence for a cwd that is no absolute path anywhere. */
export function startParams(params: StartParams): unknown {
  const { processId, argv, cwd, env, envPolicy, tty, pipeStdin, arg0, size } = params;
  return {
    processId,
    argv,
    cwd: pathUri(cwd),
    env,
    envPolicy: envPolicy ?? null,
    tty,
    pipeStdin,
    arg0: arg0 ?? null,
    ...(tty && size ? { size } : {}),
  };
}

/** The path's own form tells which platform it is of. */
function pathUri(path: string): string {
  if (/^file:/i.test(path)) return path;
  if (/^([A-Za-z]:[\\/]|\\\\)/.test(path)) return fromNativePath(path, 'windows');
  if (path.startsWith('/')) return fromNativePath(path, 'linux');
  throw new Error(`cwd must be an absolute path or a file: URL, got ${JSON.stringify(path)}`);
}
