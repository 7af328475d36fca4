/** The real Codex CLI types into commands whose keyboard a person has. */
import assert from 'node:assert/strict';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { CASE_MS } from '../../scripts/host/patience.mjs';
import { AttendedHost } from '../support/attended/attended';
import { exec, stdin, type ToolResult } from './calls';
import { play, type Stage } from './stage';
import { ours } from './target';
import { ofMethod, params } from './wireChecks';

const ECHOES = 'while read -r line; do echo "got <$line>"; done; echo over';
const ASKS = `bash -c 'read -rs -p "Word: " a; echo; echo "length \${#a}"; read -r b; echo "then <$b>"'`;
const SOON_MS = 1000;

/** What the server has answered to each of the agent's writes. */
function answers({ tap: { messages } }: Stage): unknown[] {
  const writes = ofMethod(messages, 'process/write').map(({ body }) => body['id']);
  return messages
    .filter(({ from, body }) => from === 'server' && writes.includes(body['id']))
    .map(({ body }) => body['result']);
}

/** What the command has read, line by line; a terminal shows what is typed too. */
const read = (output: string): string[] => [...output.matchAll(/got <(.*)>/g)].map(([, line = '']) => line);

const sessionOf = ({ session, text }: ToolResult): number => session ?? assert.fail(text);

(process.platform === 'linux' ? describe : describe.skip)(
  'Codex, whose command a person has taken over',
  function () {
    this.timeout(CASE_MS);
    const folder = mkdtempSync(join(tmpdir(), 'held-'));
    let host: AttendedHost;
    before(async () => void (host = await AttendedHost.start(folder)));
    after(async () => {
      await host.killed();
      rmSync(folder, { recursive: true });
    });

    it('is answered that its input is held, and that arrives once, in order, after it is given back', async () => {
      await play(ours(host.url), async (stage) => {
        const first = await stage.one(exec(ECHOES, { tty: true, yield_time_ms: SOON_MS }));
        const session = sessionOf(first);
        const before = await stage.one(stdin(session, 'zero\n', SOON_MS));
        assert.deepEqual(read(before.output), ['zero']);
        await host.does({ act: 'takeOver' });
        const held = await stage.one(stdin(session, 'one\n', SOON_MS));
        const more = await stage.one(stdin(session, 'two\n', SOON_MS));
        assert.equal(held.output + more.output, '');
        assert.deepEqual(answers(stage), [
          { status: 'accepted' },
          { status: 'accepted', held: 'person' },
          { status: 'accepted', held: 'person' },
        ]);
        await host.does({ act: 'keys' }, 'mine\r');
        const seen = await stage.one(stdin(session, '', SOON_MS));
        assert.deepEqual(read(seen.output), ['mine']);
        await host.does({ act: 'giveBack' });
        const end = await stage.toEnd(await stage.one(stdin(session, '\u0004', SOON_MS)));
        assert.deepEqual(read(end.output), ['one', 'two']);
        assert.match(end.output, /over\r?\n$/);
        assert.equal(end.exitCode, 0);
      });
    });

    it('does not get to answer a hidden prompt, and does not learn what the person has', async () => {
      const { model, tap } = await play(ours(host.url), async (stage) => {
        const first = await stage.one(exec(ASKS, { tty: true, yield_time_ms: SOON_MS }));
        assert.match(first.output, /Word: /);
        const session = sessionOf(first);
        const guess = await stage.one(stdin(session, 'guess\n', SOON_MS));
        assert.equal(guess.output, '');
        await host.does({ act: 'keys' }, 'hunter2hunter2\r');
        const end = await stage.toEnd(await stage.one(stdin(session, '', SOON_MS)));
        assert.match(end.output.replaceAll('\r', ''), /length 14\n[^]*then <guess>\n/);
        assert.deepEqual(answers(stage), [{ status: 'accepted', held: 'secret' }]);
      });
      const all = JSON.stringify([model.requests, tap.messages.map(params)]);
      assert.ok(
        !all.includes('hunter2') && !all.includes(Buffer.from('hunter2').toString('base64').slice(0, 8)),
      );
    });
  },
);
