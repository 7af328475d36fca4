/** The whole table of tools, over real HTTP, by each kind of client. */
import assert from 'node:assert/strict';
import { createServer } from 'node:net';
import { once } from 'node:events';
import { CASE_MS } from '../../scripts/host/patience.mjs';
import { AT_ONCE } from '../support/atOnce.js';
import { Server } from '../wire/target.js';
import { ERAS, open, sessionOf, type Answer, type Mcp } from './clients.js';

const output = ({ text }: Answer): string => text.split('Output:\n')[1] ?? '';

for (const era of ERAS)
  describe(`mcp tools: ${era}`, function () {
    this.timeout(CASE_MS);
    let server: Server;
    let mcp: Mcp;
    before(async () => {
      server = await Server.start();
      mcp = await open(era, server);
    });
    after(async () => {
      await mcp.close();
      await server.stop(AT_ONCE);
    });
    const run = (cmd: string, more: object = {}): Promise<Answer> =>
      mcp.call('exec_command', { cmd, ...more });

    it('lists every tool with a schema, and tells the model how to use them', async () => {
      const tools = await mcp.list();
      assert.deepEqual(
        tools.map(({ name }) => name),
        [
          'exec_command',
          'write_stdin',
          'read_output',
          'wait_for',
          'screen',
          'interrupt',
          'terminate',
          'list_processes',
          'list_environments',
        ],
      );
      for (const { inputSchema } of tools) assert.equal(inputSchema['additionalProperties'], false);
      assert.match(mcp.instructions() ?? '', /exec_command/);
    });

    it('a command answers with its output of both streams in order, and its exit code', async () => {
      const answer = await run('echo one; echo two >&2; echo three; exit 3');
      assert.equal(output(answer), 'one\ntwo\nthree\n');
      assert.match(answer.text, /^Process exited with code 3$/m);
      assert.equal(answer.isError, false);
    });

    it('a command runs in the folder and finds no pager', async () => {
      assert.equal(output(await run('pwd; echo $PAGER', { workdir: '/' })), '/\ncat\n');
    });

    it('a command that outlives its yield time is polled to its end', async () => {
      const first = await run('echo begun; sleep 1; echo done', { yield_time_ms: 300 });
      assert.equal(output(first), 'begun\n');
      const session_id = sessionOf(first);
      const last = await mcp.call('write_stdin', { session_id, yield_time_ms: 30_000 });
      assert.equal(output(last), 'done\n');
      assert.match(last.text, /exited with code 0/);
    });

    it('a terminal is typed into; nothing is told twice', async () => {
      const first = await run('printf "name? "; read name; echo "hello $name"; sleep 60', {
        tty: true,
        yield_time_ms: 500,
      });
      assert.equal(output(first), 'name? ');
      const session_id = sessionOf(first);
      const second = await mcp.call('write_stdin', { session_id, chars: 'bob\n', yield_time_ms: 1000 });
      assert.equal(output(second), 'bob\nhello bob\n');
      const ended = await mcp.call('write_stdin', { session_id, chars: '\u0003', yield_time_ms: 5000 });
      assert.match(ended.text, /exited with code 130/);
    });

    it('without a terminal nothing can be typed, and the answer says what to do', async () => {
      const session_id = sessionOf(await run('sleep 60', { yield_time_ms: 250 }));
      const refused = await mcp.call('write_stdin', { session_id, chars: 'x' });
      assert.equal(refused.isError, true);
      assert.match(refused.text, /tty: true/);
      await mcp.call('terminate', { session_id });
    });

    it('of much output the ends come, and the rest can be read', async () => {
      const answer = await run('seq 1 50000', { max_output_tokens: 100, yield_time_ms: 30_000 });
      assert.ok(answer.text.length < 1000, `${answer.text.length}`);
      assert.match(answer.text, /^1\n2\n/m);
      assert.match(answer.text, /\n50000\n$/);
      const [, session_id, offset] = /session_id (\d+) and offset (\d+)/.exec(answer.text) ?? [];
      const all: string[] = [];
      let at = 0;
      for (let next: string | undefined = '0'; next !== undefined;) {
        const read = await mcp.call('read_output', {
          session_id: Number(session_id),
          offset: Number(next),
          max_output_tokens: 20_000,
        });
        all.push(output(read));
        at = Number(next);
        next = /Go on with offset (\d+)/.exec(read.text)?.[1];
      }
      assert.ok(at > Number(offset));
      assert.equal(all.join(''), Array.from({ length: 50_000 }, (_, i) => `${i + 1}\n`).join(''));
    });

    it('characters come whole wherever an answer ends, and control sequences do not come at all', async () => {
      const first = await run(
        "printf '\\033[31mr\\303'; sleep 1; printf '\\244d\\033[0'; sleep 1; printf 'mx'",
        {
          yield_time_ms: 500,
        },
      );
      let all = output(first);
      for (let last = first; !last.text.includes('exited');) {
        last = await mcp.call('write_stdin', { session_id: sessionOf(first), yield_time_ms: 700 });
        all += output(last);
      }
      assert.equal(all, 'rädx');
    });

    it('wait_for says which of several things ended it', async () => {
      const session_id = sessionOf(
        await run('sleep 0.5; echo "listening on 8080"; sleep 60', { yield_time_ms: 250 }),
      );
      const wait = async (what: object): Promise<string> =>
        (await mcp.call('wait_for', { session_id, yield_time_ms: 20_000, ...what })).text;
      assert.match(
        await wait({ pattern: 'on \\d+$', quiet_ms: 20_000 }),
        /matches, in the line: listening on 8080/,
      );
      assert.match(await wait({ quiet_ms: 300 }), /no output for 300 ms/);
      const listener = createServer().listen(0, '127.0.0.1');
      await once(listener, 'listening');
      const { port } = listener.address() as { port: number };
      assert.match(await wait({ port }), new RegExp(`listens on port ${port}`));
      await new Promise((done) => listener.close(done));
      assert.match(await wait({ port, yield_time_ms: 500 }), /the time is over/);
      void mcp.call('terminate', { session_id });
      assert.match(await wait({}), /it has ended/);
    });

    it('wait_for ends when the command wants input, and says what it asks', async () => {
      const script =
        'sleep 0.5; printf "Go on? [y/N] "; read x; echo "said $x"; stty -echo; printf "Password: "; read y';
      const asked = await run(script, { yield_time_ms: 250, tty: true });
      const session_id = sessionOf(asked);
      const wait = async (): Promise<string> =>
        (await mcp.call('wait_for', { session_id, yield_time_ms: 30_000 })).text;
      assert.match(await wait(), /it wants input, and asks: Go on\? \[y\/N\].*write_stdin/);
      const { text } = await mcp.call('write_stdin', { session_id, chars: 'y\n', yield_time_ms: 250 });
      assert.match(text, /said y|Go on/);
      assert.match(await wait(), /it wants a secret, and asks: Password:.*the person/);
      await mcp.call('terminate', { session_id });
    });

    it('an expression that would hang is refused in words, and the server goes on', async () => {
      const session_id = sessionOf(
        await run('printf a%.0s $(seq 1 60); echo "!"; sleep 60', { yield_time_ms: 500 }),
      );
      const refused = await mcp.call('wait_for', { session_id, pattern: '^(a+)+$' });
      assert.match(refused.text, /takes too long/);
      assert.match((await mcp.call('wait_for', { session_id, pattern: '(' })).text, /regular expression/);
      await mcp.call('terminate', { session_id, force: true });
    });

    it('screen shows what a terminal shows now, and where its cursor is', async () => {
      const program = [
        'for i in $(seq 1 60); do echo "line $i"; done',
        "printf '\\033[?1049h\\033[2J\\033[3;5Hhello\\033[5;10H\\033[32mworld\\033[0m'",
        'sleep 60',
      ].join('; ');
      const session_id = sessionOf(await run(program, { tty: true, yield_time_ms: 1000 }));
      const { text } = await mcp.call('screen', { session_id });
      assert.ok(text.endsWith('\n\n\n    hello\n\n         world'), text);
      assert.match(text, /24 rows of 80 columns, cursor at row 5, column 15/);
      await mcp.call('terminate', { session_id, force: true });
      const piped = sessionOf(await run('echo piped; sleep 60', { yield_time_ms: 500 }));
      assert.match((await mcp.call('screen', { session_id: piped })).text, /no terminal.*read_output/);
      await mcp.call('terminate', { session_id: piped, force: true });
    });

    it('interrupt and terminate end a command, the latter also one that ignores the former', async () => {
      const polite = sessionOf(await run('sleep 60', { yield_time_ms: 250 }));
      assert.match((await mcp.call('interrupt', { session_id: polite })).text, /ended by signal 2/);
      const rude = sessionOf(await run("trap '' INT; while :; do sleep 0.1; done", { yield_time_ms: 400 }));
      assert.match((await mcp.call('interrupt', { session_id: rude, yield_time_ms: 500 })).text, /running/);
      assert.match((await mcp.call('terminate', { session_id: rude })).text, /ended by signal/);
      assert.match((await mcp.call('terminate', { session_id: rude })).text, /had ended before/);
    });

    it('lists what it started, the running first, and the machines', async () => {
      const session_id = sessionOf(await run('echo listed; sleep 60', { yield_time_ms: 300 }));
      const { text } = await mcp.call('list_processes');
      assert.ok(text.startsWith(`session_id ${session_id}: echo listed; sleep 60\n  Process running`), text);
      assert.doesNotMatch((await mcp.call('list_processes', { running: true })).text, /exited/);
      assert.match((await mcp.call('list_environments')).text, /^local: this machine/);
      await mcp.call('terminate', { session_id });
    });
  });
