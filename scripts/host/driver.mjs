// Lets tests in the extension host act in the browser: an HTTP endpoint on loopback, one UI action per request.
import { randomBytes } from 'node:crypto';
import { mkdirSync } from 'node:fs';
import { createServer } from 'node:http';
import path from 'node:path';
import * as dialogs from './dialogs.mjs';
import * as keyboard from './keyboard.mjs';
import * as live from './live.mjs';
import * as press from './press.mjs';
import * as workbench from './workbench.mjs';

/**
 * @param {string} artifacts folder for pictures
 * @returns {Promise<{ url: string, attach: (page: import('playwright-core').Page) => void, close: () => void }>}
 */
export async function startDriver(artifacts) {
  /** @type {import('playwright-core').Page | undefined} */
  let page;
  /** @param {import('playwright-core').Page} current @param {string} name */
  const screenshot = async (current, name) => {
    mkdirSync(artifacts, { recursive: true });
    const file = path.join(artifacts, `${path.basename(name)}.png`);
    await current.screenshot({ path: file, animations: 'disabled' });
    return file;
  };
  const actions = new Map(
    Object.entries({ ...workbench, ...keyboard, ...dialogs, ...live, ...press, screenshot }),
  );

  /** @param {string} text @returns {Promise<unknown>} */
  const perform = async (text) => {
    const { action, args = [] } = JSON.parse(text);
    const act = /** @type {Function | undefined} */ (actions.get(action));
    if (!act) throw new Error(`no action ${action}; there are ${[...actions.keys()].join(', ')}`);
    if (!page) throw new Error('the page is not open yet');
    return (await act(page, ...args)) ?? null;
  };

  // One at a time: there is one mouse and one keyboard.
  let turn = Promise.resolve();
  // The path is a secret, so that no other process of this machine can type here.
  const secret = `/${randomBytes(16).toString('hex')}`;
  const server = createServer(async (request, response) => {
    if (request.method !== 'POST' || request.url !== secret) return void response.writeHead(404).end();
    let text = '';
    for await (const chunk of request.setEncoding('utf8')) text += chunk;
    turn = turn.then(async () => {
      const answer = await perform(text).then(
        (value) => ({ value }),
        (error) => ({ error: String(error?.message ?? error) }),
      );
      response.setHeader('content-type', 'application/json').end(JSON.stringify(answer));
    });
  });
  await new Promise((resolve) => server.listen(0, '127.0.0.1', () => resolve(undefined)));
  server.unref();
  const { port } = /** @type {import('node:net').AddressInfo} */ (server.address());
  return {
    url: `http://127.0.0.1:${port}${secret}`,
    attach: (opened) => {
      page = opened;
    },
    close: () => {
      server.close();
      server.closeAllConnections();
    },
  };
}
