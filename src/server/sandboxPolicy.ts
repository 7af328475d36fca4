import { invalidParams } from '../protocol';

/**
 * The one place that decides about sandboxes (PROTOCOL chapter 5.4). This server cannot enforce one, so
 * whatever asks for a restriction is refused: never run without it. Enforcement would be added here.
 */

/** Throws RpcError -32602 with a text that a model can act on. */
export function refuseSandbox(sandbox: unknown, method: string): void {
  if (isUnrestricted(sandbox)) return;
  throw invalidParams(
    `${method} was refused and nothing was run or changed: it asks for a sandbox, and this exec-server ` +
      'cannot enforce one. Retrying will not help. Ask the user to restart Codex with ' +
      '`-s danger-full-access` if they agree to run without a sandbox.',
  );
}

/** Throws RpcError -32602: there is no filtering proxy here. */
export function refuseNetworkProxy(networkProxy: unknown): void {
  if (networkProxy === undefined || networkProxy === null) return;
  throw invalidParams(
    'process/start was refused and nothing was run: it asks for a network proxy, and this exec-server has none. ' +
      'Retrying will not help. Ask the user to turn off the managed network.',
  );
}

function isUnrestricted(sandbox: unknown): boolean {
  if (sandbox === undefined || sandbox === null) return true;
  if (typeof sandbox !== 'object') return false;
  const { permissions } = sandbox as { permissions?: unknown };
  if (typeof permissions !== 'object' || permissions === null) return false;
  const { type } = permissions as { type?: unknown };
  return type === 'disabled' || type === 'external';
}
