import { CWD_RULE, NOT_ELSEWHERE, type ExecParams } from '../model';
import { fromNativePath } from '../protocol';

/**
 * The params of `process/start` (docs/protocol/start.md#processstart).
 *
 * @param lifetime makes a server that knows it tell the pid and the signal; it is what all have without
 * @throws Error with a sentence for a cwd that is no absolute path anywhere
 */
export function startParams(params: ExecParams, lifetime?: 'session'): unknown {
  // Its answer would come when the process runs already, and not every server heeds it.
  if (params.sandbox) throw new Error(`sandbox: ${NOT_ELSEWHERE}`);
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
    // Servers that do not know it ignore it.
    ...(tty || pipeStdin ? { needsInput: true, atPrompt: true } : {}),
    ...(tty && size ? { size } : {}),
    ...(lifetime === undefined ? {} : { lifetime }),
  };
}

/** The path's own form tells which platform it is of. */
function pathUri(path: string): string {
  if (/^file:/i.test(path)) return path;
  if (/^([A-Za-z]:[\\/]|\\\\)/.test(path)) return fromNativePath(path, 'windows');
  if (path.startsWith('/')) return fromNativePath(path, 'linux');
  throw new Error(`${CWD_RULE}, got ${JSON.stringify(path)}`);
}
