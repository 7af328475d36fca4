import { workspace } from 'vscode';
import type { ProxySettings } from '../../server';

/**
 * The proxy of the editor's own settings (`http.proxy` and what goes with it), which come before the environment there
 * too. One that only the system or a script knows cannot be asked for by an extension.
 */
export function editorProxy(): ProxySettings | undefined {
  const http = workspace.getConfiguration('http');
  const proxy = http.get<string>('proxy', '').trim();
  if (proxy === '' || http.get<string>('proxySupport') === 'off') return undefined;
  return {
    source: 'http.proxy',
    proxy,
    authorization: http.get<string | null>('proxyAuthorization') ?? undefined,
    noProxy: http.get<string[]>('noProxy', []),
    isStrict: http.get<boolean>('proxyStrictSSL', true),
  };
}
