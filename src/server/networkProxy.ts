import { invalidParams } from '../protocol';

/**
 * There is no filtering proxy here. `enforceManagedNetwork` asks for one only together with a sandbox; without one it
 * has no effect on the reference either.
 * @throws RpcError -32602 with a text that a model can act on
 */
export function refuseNetworkProxy(params: {
  readonly networkProxy?: unknown;
  readonly sandbox?: unknown;
  readonly enforceManagedNetwork?: boolean | null | undefined;
}): void {
  const { networkProxy, sandbox, enforceManagedNetwork } = params;
  if (networkProxy == null && (sandbox == null || enforceManagedNetwork !== true)) return;
  throw invalidParams(
    'process/start was refused and nothing was run: it asks for a network proxy, and this exec-server has none. ' +
      'Retrying will not help. Ask the user to turn off the managed network.',
  );
}
