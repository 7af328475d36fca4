import assert from 'node:assert/strict';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import * as vscode from 'vscode';
import { api, cleanUp, ready } from './support';
import { WireClient } from './wireClient';

describe('the editor’s proxy', () => {
  let proxy: Server;
  const seen: { url: string | undefined; authorization: string | undefined }[] = [];
  const http = () => vscode.workspace.getConfiguration('http');
  const set = (name: string, value: unknown) => http().update(name, value, vscode.ConfigurationTarget.Global);

  let support: unknown;
  before(async () => {
    await ready();
    support = http().get('proxySupport');
    proxy = createServer(({ url, headers }, response) => {
      seen.push({ url, authorization: headers['proxy-authorization'] });
      response.end('through the proxy');
    });
    await new Promise<void>((resolve) => proxy.listen(0, '127.0.0.1', resolve));
  });
  after(async () => {
    await set('proxySupport', support);
    await set('proxy', undefined);
    await set('noProxy', undefined);
    proxy.closeAllConnections();
    proxy.close();
    await cleanUp();
  });

  it('is the one of an agent’s requests, as the settings are now', async () => {
    const client = await WireClient.connect((await api.connection()).url);
    const get = async (): Promise<string> => {
      const params = { method: 'GET', url: 'http://host.invalid/x', requestId: 'r', timeoutMs: 20_000 };
      const { bodyBase64 } = await client.request<{ bodyBase64: string }>('http/request', params);
      return Buffer.from(bodyBase64, 'base64').toString();
    };
    await assert.rejects(get(), /host\.invalid/);
    const { port } = proxy.address() as AddressInfo;
    await set('proxy', `http://me:secret@127.0.0.1:${port}`);
    await set('proxySupport', 'off');
    await assert.rejects(get(), /host\.invalid/);
    await set('proxySupport', 'override');
    assert.equal(await get(), 'through the proxy');
    const authorization = `Basic ${Buffer.from('me:secret').toString('base64')}`;
    assert.deepEqual(seen, [{ url: 'http://host.invalid/x', authorization }]);
    await set('noProxy', ['host.invalid']);
    await assert.rejects(get(), /host\.invalid/);
    client.close();
  });
});
