// Requests that must not open the gate, and messages that make no sense.
import net from 'node:net';
import { once } from 'node:events';
import { Client, withServer } from './host.mjs';

const UPGRADE = [
  'Upgrade: websocket',
  'Connection: Upgrade',
  'Sec-WebSocket-Version: 13',
  'Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==',
];
const RANDOM_REQUESTS = 500;
const RANDOM_MESSAGES = 2000;

/** The status that a request gets, 0 for none. @param {string} url @param {string} path @param {string[]} fields */
async function statusOf(url, path, fields) {
  const { hostname, port } = new URL(url);
  const socket = net.connect(Number(port), hostname);
  socket.on('error', () => undefined);
  let answer = '';
  socket.on('data', (data) => {
    answer += String(data);
    socket.destroy();
  });
  socket.write(`GET ${path} HTTP/1.1\r\n${fields.join('\r\n')}\r\n\r\n`);
  if (!socket.destroyed) await once(socket, 'close');
  return Number(/^HTTP\/1\.1 (\d+)/.exec(answer)?.[1] ?? 0);
}

/** @param {string} url @returns {[string, string[]][]} */
function badRequests(url) {
  const { host, pathname: path } = new URL(url);
  const token = path.slice(1);
  const own = [`Host: ${host}`, ...UPGRADE];
  // More than Node keeps by default, in fewer bytes than it takes; and far more than that.
  const many = Array.from({ length: 2100 }, () => 'A:');
  const tooMany = Array.from({ length: 65_000 }, () => 'A:');
  const wrong = `${token.slice(0, -1)}${token.endsWith('a') ? 'b' : 'a'}`;
  /** @type {[string, string[]][]} */
  const requests = [
    ['/', own],
    [`/${wrong}`, own],
    [`/?${token}`, own],
    [`/x/${token}`, own],
    [`/${token}/x`, own],
    [`/${token.toUpperCase()}`, own],
    [`/${token.slice(1)}`, own],
    ['/', [...own, `Authorization: Basic ${token}`]],
    ['/', [...own, `Authorization: Bearer ${wrong}`]],
    ['/', [...own, `Authorization: Bearer ${token}`, `Authorization: Bearer ${wrong}`]],
    ['/', [...own, `Sec-WebSocket-Protocol: ${token}`]],
    ['/', [...own, `Cookie: token=${token}`]],
    [path, [...own, 'Origin: http://evil.example']],
    [path, [...own, 'Origin: null']],
    [path, [...own, `Origin: http://${host}`]],
    [path, [...own, ...many, 'Origin: http://evil.example']],
    [path, [...many, ...own, 'Origin: x']],
    [path, [...own, ...tooMany, 'Origin: http://evil.example']],
    [path, ['Host: evil.example', ...UPGRADE]],
    [path, [`Host: ${host}`, 'Host: evil.example', ...UPGRADE]],
    [path, [`Host: ${host}.evil.example`, ...UPGRADE]],
  ];
  const letters = 'abcdefghijklmnopqrstuvwxyz0123456789-_~%/?#.';
  for (let left = RANDOM_REQUESTS; left > 0; left--) {
    const text = Array.from(
      { length: token.length },
      () => letters[Math.floor(Math.random() * letters.length)],
    ).join('');
    requests.push([`/${text}`, own]);
  }
  return requests;
}

export const attackGate = () =>
  withServer(async ({ url }) => {
    const requests = badRequests(url);
    let bypasses = 0;
    for (const [path, fields] of requests) if ((await statusOf(url, path, fields)) === 101) bypasses += 1;
    const client = await Client.greeted(url);
    let answers = 0;
    client.socket.on('message', (data) => (answers += String(data).includes('"error"') ? 1 : 0));
    for (let left = RANDOM_MESSAGES; left > 0; left--) {
      const bytes = Buffer.from(
        Array.from({ length: 1 + (left % 50) }, () => Math.floor(Math.random() * 256)),
      );
      client.socket.send(bytes, { binary: false });
    }
    const { result } = await client.call('environment/status');
    await client.drop();
    const other = await Client.greeted(url);
    const lives = (await other.call('environment/status')).result?.status === 'ready';
    await other.drop();
    return [
      `${requests.length} bad requests, ${bypasses} bypasses`,
      `${RANDOM_MESSAGES} messages without sense, ${answers} refused, the connection and the server ${result && lives ? 'live' : 'DO NOT LIVE'}`,
    ];
  }, []);
