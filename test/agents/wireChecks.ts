/** What must hold on the wire in every run, whatever the scenario. */
import assert from 'node:assert/strict';
import { asArray, asObject, asString, type JsonObject } from './json';
import type { Message } from './wireTap';

/** All messages of one method from one side. */
export function ofMethod(messages: readonly Message[], method: string): Message[] {
  return messages.filter((message) => message.body['method'] === method);
}

/** The parameters of a message. */
export function params(message: Message): JsonObject {
  return asObject(message.body['params']);
}

/** The process/start of a tool call. */
export function startOf(messages: readonly Message[], call: string): Message | undefined {
  return ofMethod(messages, 'process/start').find(
    (message) => asObject(params(message)['metadata'])['toolCallId'] === call,
  );
}

/** The server's answer to a request. */
export function replyTo(messages: readonly Message[], request: Message): JsonObject | undefined {
  return messages.find(
    ({ connection, from, body }) =>
      connection === request.connection && from === 'server' && body['id'] === request.body['id'],
  )?.body;
}

/** The bytes of a process that were pushed, in the order of their numbers. */
export function pushedOutput(messages: readonly Message[], processId: unknown): Buffer {
  const chunks = ofMethod(messages, 'process/output')
    .map(params)
    .filter((chunk) => chunk['processId'] === processId)
    .sort((a, b) => Number(a['seq']) - Number(b['seq']));
  return Buffer.concat(chunks.map((chunk) => Buffer.from(asString(chunk['chunk']), 'base64')));
}

/**
 * Every message is JSON; every request is answered exactly once on its connection. (The agent may hang
 * up before it has the answer to a last process/terminate.)
 */
export function checkAnswers(messages: readonly Message[]): void {
  const open = new Map<string, string>();
  for (const { connection, from, body } of messages) {
    assert.equal(body['malformed'], undefined, `malformed message of the ${from}`);
    const key = `${String(connection)}/${JSON.stringify(body['id'])}`;
    if (body['id'] === undefined) continue;
    if (from === 'agent' && body['method'] !== undefined) open.set(key, asString(body['method']));
    if (from === 'server') assert.ok(open.delete(key), `an answer that nobody asked for: ${key}`);
  }
  const unanswered = [...open].filter(([, method]) => method !== 'process/terminate');
  assert.deepEqual(unanswered, [], 'requests without an answer');
}

/** The numbers of each process run from 1 without a gap, pushed or read; `closed` has the last one. */
export function checkNumbers(messages: readonly Message[]): void {
  const seen = new Map<string, Set<number>>();
  const note = (processId: unknown, seq: unknown) => {
    const id = asString(processId);
    seen.set(id, (seen.get(id) ?? new Set()).add(Number(seq)));
  };
  for (const method of ['process/output', 'process/exited', 'process/closed']) {
    for (const message of ofMethod(messages, method)) {
      note(params(message)['processId'], params(message)['seq']);
    }
  }
  for (const read of ofMethod(messages, 'process/read')) {
    const result = asObject(replyTo(messages, read)?.['result']);
    for (const chunk of asArray(result['chunks'])) note(params(read)['processId'], asObject(chunk)['seq']);
  }
  for (const closed of ofMethod(messages, 'process/closed').map(params)) {
    const numbers = [...(seen.get(asString(closed['processId'])) ?? [])].sort((a, b) => a - b);
    const last = Number(closed['seq']);
    assert.equal(numbers.at(-1), last, 'closed is the last event of a process');
  }
  for (const [id, numbers] of seen) assert.ok(numbers.has(1), `the events of ${id} do not begin with 1`);
}

/** No number is missing: for runs whose line was never cut. */
export function checkNoGap(messages: readonly Message[]): void {
  for (const closed of ofMethod(messages, 'process/closed').map(params)) {
    const events = messages.filter(
      (message) => message.from === 'server' && params(message)['processId'] === closed['processId'],
    );
    const numbers = events.map((event) => Number(params(event)['seq'])).sort((a, b) => a - b);
    assert.deepEqual(
      numbers,
      numbers.map((_, index) => index + 1),
    );
  }
}
