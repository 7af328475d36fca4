// A client in a thread of its own that sends many messages at once and reads all answers; ends after the last of them.
import { parentPort, workerData } from 'node:worker_threads';
import WebSocket from 'ws';

// Made here: to hand them over would hold up the honest client, whose thread has started this one.
/** @type {{ url: string, greeting: readonly string[], text: string, count: number }} */
const { url, greeting, text, count } = workerData;
const messages = Array.from({ length: count }, (_, index) => text.replaceAll('#', String(index)));
const socket = new WebSocket(url, { perMessageDeflate: false });
let answers = -1;
socket.on('open', () => socket.send(greeting[0] ?? ''));
socket.on('message', () => {
  if (++answers === 0) {
    for (const message of [...greeting.slice(1), ...messages]) socket.send(message);
  }
  if (answers === messages.length) parentPort?.close();
});
socket.on('error', () => undefined);
socket.on('close', () => parentPort?.close());
parentPort?.on('close', () => socket.terminate());
