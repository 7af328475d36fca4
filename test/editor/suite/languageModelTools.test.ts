import assert from 'node:assert/strict';
import * as vscode from 'vscode';
import { TOOLS } from '../../../src/agents/tools/table';
import { toolInvocation } from '../../../src/editor/show/toolCall';
import { question as questionOf } from '../../../src/editor/tools/questions';
import { driver, eventually, needsDriver } from '../host/driver';
import { agreed, invokeTool } from './invokeTool';
import { cleanUp, ready, rowWith, run as command, withSetting } from './support';

const budget = (tokenBudget: number): vscode.LanguageModelToolTokenizationOptions => ({
  tokenBudget,
  countTokens: (text) => Promise.resolve(Math.ceil(text.length / 3)),
});

/** What a person is asked. */
function asked(name: string, input: Record<string, unknown>): { title: string; text: string } | undefined {
  const tool = TOOLS.find((one) => one.name === name);
  assert.ok(tool);
  const question = questionOf(tool, input, { get: () => undefined });
  const { confirmationMessages } = toolInvocation('', question);
  if (!confirmationMessages) return undefined;
  const { title, message } = confirmationMessages;
  return { title, text: typeof message === 'string' ? message : message.value };
}

type More = Parameters<typeof invokeTool> extends [string, ...infer Rest] ? Rest : never;
const invoke = (name: string, ...more: More): Promise<string> => invokeTool(`execServer_${name}`, ...more);

describe('the tools for models in the editor', () => {
  before(ready);
  beforeEach(function () {
    needsDriver(this);
  });
  afterEach(cleanUp);

  it('are all there, with their schemas', () => {
    const tools = vscode.lm.tools.filter(({ name }) => name.startsWith('execServer_'));
    assert.equal(tools.length, 9);
    const exec = tools.find(({ name }) => name === 'execServer_exec_command');
    assert.deepEqual((exec?.inputSchema as { required: string[] }).required, ['cmd']);
  });

  it('a person is asked with the exact command, in which nothing is live or hidden', () => {
    const cmd = 'echo "`$(x)` ``` [click](command:evil)"\nrm \u202e#';
    const { title, text } = asked('exec_command', { cmd, workdir: '/a_[b](c)' }) ?? { title: '', text: '' };
    assert.equal(title, 'Run this command?');
    assert.ok(text.startsWith('````\necho "`$(x)` ``` [click](command:evil)"\nrm \\u{202e}#\n````\n'), text);
    assert.ok(text.includes('In the folder &#47;a&#95;&#91;b&#93;&#40;c&#41;'), text);
    const typed = asked('write_stdin', { session_id: 1, chars: 'yes\n\u0003' });
    assert.ok(typed?.text.startsWith('```\nyes\n\\u{3}\n```'), typed?.text);
    assert.equal(asked('terminate', { session_id: 1 })?.title, 'Stop this command?');
    assert.equal(asked('write_stdin', { session_id: 1 }), undefined, 'waiting has no effect');
    assert.equal(asked('read_output', { session_id: 1 }), undefined);
  });

  it('a command is a row of the chat, and answers with its output', async () => {
    await agreed(async () => {
      const answer = invoke('exec_command', { cmd: 'echo yes; sleep 1', workdir: '/' });
      await driver.openView('Exec Server');
      await rowWith('Chat');
      assert.match(await answer, /exited with code 0[^]*\nyes\n/);
    });
  });

  it('what only looks is not asked about', async () => {
    assert.match(await invoke('list_processes', {}), /None/);
    assert.match(await invoke('list_environments', {}), /this machine/);
    assert.match(await invoke('read_output', { session_id: 4711 }), /no session 4711/);
  });

  it('an answer is no longer than the model can take', () =>
    agreed(async () => {
      const text = await invoke(
        'exec_command',
        { cmd: 'seq 1 100000' },
        { tokenizationOptions: budget(500) },
      );
      assert.ok(text.length / 3 <= 500, `${text.length}`);
      assert.match(text, /exited with code 0/);
      assert.match(text, /100000/);
    }));

  it('a cancelled call interrupts its command', () =>
    agreed(async () => {
      const source = new vscode.CancellationTokenSource();
      const answer = invoke('exec_command', { cmd: 'sleep 600' }, {}, source.token).catch(() => undefined);
      await eventually(async () => /running/.test(await invoke('list_processes', {})), 'it runs');
      source.cancel();
      await answer;
      await eventually(
        async () => /ended by signal 2/.test(await invoke('list_processes', {})),
        'it was interrupted',
      );
    }));

  it('50 calls at once are each answered with their own output, by the chat and by commands', () =>
    agreed(async () => {
      const all = Array.from({ length: 50 }, (_, index) => index);
      const args = (by: string, index: number): object => ({
        cmd: `echo ${by} $((${index} + 1000)); exit ${index}`,
        yield_time_ms: 30_000,
      });
      const [chat, commands] = await Promise.all([
        Promise.all(all.map((index) => invoke('exec_command', args('chat', index)))),
        Promise.all(all.map((index) => command('tools.exec_command', args('command', index)))),
      ]);
      for (const index of all) {
        const end = (by: string): RegExp =>
          new RegExp(`exited with code ${index}\n[^]*\n${by} ${index + 1000}\n$`);
        assert.match(chat[index] ?? '', end('chat'));
        assert.match((commands[index] as { text: string }).text, end('command'));
      }
    }));

  it('arguments of 10 MB are refused in words, and nothing is started', () =>
    agreed(async () => {
      const before = await command('list');
      const cmd = `touch ${'x'.repeat(10_000_000)}`;
      assert.match(
        await invoke('exec_command', { cmd }).catch(String),
        /must have at most 131072 characters/,
      );
      const { text, isError } = (await command('tools.exec_command', { cmd })) as {
        text: string;
        isError: boolean;
      };
      assert.ok(isError);
      assert.match(text, /must have at most 131072 characters/);
      await assert.rejects(Promise.resolve(command('start', { command: cmd })), /longer than 2097152/);
      assert.deepEqual(await command('list'), before);
      assert.match(await invoke('exec_command', { cmd: 'echo after' }), /\nafter\n/);
    }));

  it('a session of another client is unknown to the chat, and goes on', () =>
    agreed(async () => {
      const asked = { cmd: 'echo hidden; exec sleep 600', yield_time_ms: 1000 };
      const { text } = (await command('tools.exec_command', asked, { clientName: 'Somebody' })) as {
        text: string;
      };
      const session_id = Number(/session(?: ID|_id) (\d+)/.exec(text)?.[1]);
      for (const name of ['write_stdin', 'read_output', 'wait_for', 'screen', 'interrupt', 'terminate'])
        assert.match(await invoke(name, { session_id }).catch(String), /no session \d+/, name);
      assert.doesNotMatch(await invoke('list_processes', {}), /hidden/);
      const own = await command('tools.list_processes', { running: true }, { clientName: 'Somebody' });
      assert.match((own as { text: string }).text, /echo hidden/);
    }));

  it('what a person lets tools see or control of others is what they can', () =>
    agreed(async () => {
      const asked = { cmd: 'echo of another; read x; echo "got $x"', tty: true, yield_time_ms: 1000 };
      const { text } = (await command('tools.exec_command', asked, { clientName: 'Somebody' })) as {
        text: string;
      };
      const session_id = Number(/session(?: ID|_id) (\d+)/.exec(text)?.[1]);
      const look = (): Promise<string> => invoke('read_output', { session_id }).catch(String);
      const type = (): Promise<string> =>
        invoke('write_stdin', { session_id, chars: 'typed\n', yield_time_ms: 1000 }).catch(String);
      assert.match(await look(), /no session \d+/);
      await withSetting('tools.reach', 'see', async () => {
        assert.match(await look(), /of another/);
        assert.match(await invoke('list_processes', {}), /echo of another/);
        for (const answer of [await type(), await invoke('terminate', { session_id }).catch(String)])
          assert.match(answer, /started by somebody else: you may read it, not type into it or stop it/);
      });
      await withSetting('tools.reach', 'control', async () => assert.match(await type(), /got typed/));
      assert.match(await look(), /no session \d+/);
    }));

  it('are commands too', async () => {
    const answer = await command(
      'tools.exec_command',
      { cmd: 'echo by command' },
      { clientName: 'Somebody' },
    );
    assert.match((answer as { text: string }).text, /\nby command\n/);
    const wrong = await command('tools.exec_command', { command: 'x' });
    assert.equal((wrong as { isError: boolean }).isError, true);
    await assert.rejects(
      Promise.resolve(command('tools.exec_command', { cmd: 'x' }, { name: 'x' })),
      /"name"/,
    );
  });
});
