import { decodeSandbox, diskLook, resolvePolicy, SandboxRefusal, type Policy } from '../../../sandbox';

/**
 * What a file request may do (docs/protocol/sandbox.md#files); undefined if it may do everything. It is resolved anew for
 * each request, because the disk may be another by then.
 *
 * @throws SandboxRefusal for what cannot be enforced
 */
export async function filePolicy(sandbox: unknown): Promise<Policy | undefined> {
  const request = decodeSandbox(sandbox);
  if (request.files === 'all') return undefined;
  if (process.platform !== 'linux')
    throw new SandboxRefusal(
      '',
      'files can be kept in a sandbox on Linux only',
      'Ask the user to start the agent without a sandbox.',
    );
  return resolvePolicy(request, { tmpdir: process.env['TMPDIR'], platform: 'linux' }, diskLook);
}
