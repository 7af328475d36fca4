/** The checks of the agent suite have teeth: each one fails when it should. */
import assert from 'node:assert/strict';
import { CASE_MS } from '../../scripts/host/patience.mjs';
import { FrameReader } from './frames';
import type { JsonObject } from './json';
import { play } from './stage';
import { ours } from './target';
import { checkAnswers, checkNoGap, checkNumbers } from './wireChecks';
import type { Message } from './wireTap';

const from = (side: Message['from'], ...bodies: JsonObject[]): Message[] =>
  bodies.map((body) => ({ connection: 1, from: side, body }));

const event = (name: string, seq: number): JsonObject => ({
  method: `process/${name}`,
  params: { processId: 'p', seq },
});

describe('the agent suite itself', function () {
  this.timeout(CASE_MS);

  it('notices when the agent runs a command on its own machine', async () => {
    // With a server that is not there and a local environment, Codex falls back without a word.
    const environments = (url: string) =>
      `default = "editor"\n[[environments]]\nid = "editor"\nurl = "${url}"\n`;
    let output = '';
    const run = play(
      ours('ws://127.0.0.1:9/token'),
      async (stage) => {
        output = (await stage.exec('echo "side=$AGENT_SIDE."')).output;
      },
      { environments },
    );
    await assert.rejects(run, /did not reach the server/);
    assert.equal(output, 'side=agent.\n');
  });

  it('reads frames wherever the bytes are cut, masked or not, in one part or several', () => {
    const masked = Buffer.from([0x81, 0x82, 1, 2, 3, 4, 0x68 ^ 1, 0x69 ^ 2]);
    const long = Buffer.concat([Buffer.from([0x81, 126, 1, 0]), Buffer.alloc(256, 'x')]);
    const parts = Buffer.from([0x01, 1, 0x61, 0x89, 0, 0x80, 1, 0x62]);
    const bytes = Buffer.concat([masked, long, parts]);
    for (const size of [1, 2, 3, 7, bytes.length]) {
      const texts: string[] = [];
      const reader = new FrameReader((text) => texts.push(text));
      for (let at = 0; at < bytes.length; at += size) reader.push(bytes.subarray(at, at + size));
      assert.deepEqual(texts, ['hi', 'x'.repeat(256), 'ab']);
    }
  });

  it('notices wrong numbers', () => {
    checkNumbers(from('server', event('output', 1), event('exited', 2), event('closed', 3)));
    const late = from('server', event('output', 2), event('exited', 3), event('closed', 4));
    assert.throws(() => checkNumbers(late), /do not begin with 1/);
    const after = from('server', event('output', 1), event('closed', 2), event('exited', 3));
    assert.throws(() => checkNumbers(after), /closed is the last/);
    const gap = from('server', event('output', 1), event('exited', 3), event('closed', 4));
    assert.throws(() => checkNoGap(gap));
  });

  it('notices a request without an answer, and an answer without a request', () => {
    const ask = from('agent', { id: 1, method: 'fs/readFile' });
    const answer = from('server', { id: 1, result: {} });
    checkAnswers([...ask, ...answer]);
    assert.throws(() => checkAnswers(ask), /without an answer/);
    assert.throws(() => checkAnswers([...ask, ...answer, ...answer]), /nobody asked for/);
  });
});
