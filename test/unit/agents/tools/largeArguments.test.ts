import assert from 'node:assert/strict';
import { callTool } from '../../../../src/agents/tools/call';
import { TOOLS } from '../../../../src/agents/tools/table';
import type { ToolCall } from '../../../../src/agents/tools/tool';

const LARGE = '/'.repeat(10_000_000);

describe('tools, whichever door they are called by', () => {
  const call: ToolCall = {
    host: {
      // Nothing is looked at, started or stopped.
      hub: {} as ToolCall['host']['hub'],
      assertAllowed: () => undefined,
      reach: () => 'own',
    },
    caller: { id: 'x', name: 'X' },
    signal: new AbortController().signal,
  };

  for (const [name, args, words] of [
    ['exec_command', { cmd: LARGE }, /^exec_command: "cmd": must have at most 131072 characters/],
    ['exec_command', { cmd: 'x', workdir: LARGE }, /^exec_command: "workdir": must have at most 32767 char/],
    ['exec_command', { cmd: 'x', environment: LARGE }, /"environment": must have at most 32767 characters/],
    ['exec_command', { cmd: 'x', [LARGE]: 1 }, /^exec_command: "\/+": is not known here; known are cmd/],
    ['write_stdin', { session_id: 1, chars: LARGE }, /"chars": must have at most 1048576 characters/],
    ['wait_for', { session_id: 1, pattern: LARGE }, /"pattern": must have at most 1000 characters/],
    ['terminate', { session_id: LARGE }, /"session_id": must be a whole number/],
    [LARGE, {}, /^There is no tool "\/+"; there are exec_command/],
  ] as const) {
    it(`refuse arguments of 10 MB in few words: ${String(words)}`, async () => {
      const { text, isError } = await callTool(TOOLS, name, args, call);
      assert.ok(isError);
      assert.match(text, words);
      assert.ok(text.length < 500, `${text.length}`);
    });
  }
});
