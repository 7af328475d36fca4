import type { HostParams } from '../../../environment';
import {
  ErrorCode,
  fromNativePath,
  platformName,
  RpcError,
  toNativePath,
  type PathUri,
} from '../../../protocol';

const platform = platformName(process.platform);

/**
 * For `fs/*`.
 *
 * @throws RpcError -32600 for a URI that names no path of this host
 */
export function filePath(uri: PathUri): string | Buffer {
  const path = toNativePath(uri, platform);
  if (path === undefined) throw new RpcError(ErrorCode.invalidRequest, invalidHere(uri));
  return path;
}

/**
 * For `cwd`.
 *
 * @throws RpcError -32602 for a URI that names no path of this host
 */
export function workingDirectory(uri: PathUri): Pick<HostParams, 'cwd' | 'cwdBytes'> {
  const path = toNativePath(uri, platform);
  if (typeof path === 'string') return { cwd: path };
  if (path && platform === 'linux') return { cwd: path.toString(), cwdBytes: path };
  const text = `cwd URI \`${uri.text}\` is not valid on this exec-server host: ${invalidHere(uri)}`;
  throw new RpcError(ErrorCode.invalidParams, text);
}

/** The canonical URI of a path of this host. */
export function pathUri(path: string | Buffer): string {
  return fromNativePath(path, platform);
}

function invalidHere(uri: PathUri): string {
  return `'${uri.text}' is invalid on '${platform}'`;
}
