import assert from 'node:assert/strict';
import { logDeed } from '../../../src/editor/history/logDeed';
import type { Deed } from '../../../src/record';

describe('the log of what happens', () => {
  const agent = { id: 'a', name: 'codex-environment' };
  const told = (deed: Deed): string[] => {
    const lines: string[] = [];
    const at = (level: string) => (line: string) => void lines.push(`${level}: ${line}`);
    const log = { debug: at('debug'), info: at('info'), warn: at('warn'), error: at('error') };
    logDeed({ ...log, show: () => undefined, dispose: () => undefined }, deed);
    return lines;
  };
  const command = { row: 'p3', argv: ['npm', 'test'], cwd: '/x' };
  const ended = {
    kind: 'ended',
    row: 'p3',
    agent,
    state: 'exited',
    exitCode: 1,
    signal: null,
    ms: 3000,
  } as const;

  it('has starts, ends, refusals and connections, with who it was', () => {
    assert.deepEqual(told({ kind: 'ran', agent, ...command }), ['info: p3 of Codex started: npm test']);
    assert.deepEqual(told(ended), ['info: p3 of Codex ended: exit 1, 3 s']);
    assert.deepEqual(told({ ...ended, state: 'killed', by: 'person', denied: true }), [
      'info: p3 of Codex ended: exit 1, stopped by person, denied by its sandbox, 3 s',
    ]);
    assert.deepEqual(told({ ...ended, state: 'lost', exitCode: -1, problem: 'the machine is gone' }), [
      'info: p3 of Codex ended: lost, the machine is gone, 3 s',
    ]);
    assert.deepEqual(told({ kind: 'refused', agent, reason: 'no sandbox', ...command }), [
      'warn: A start of Codex came to nothing: npm test: no sandbox',
    ]);
    assert.deepEqual(told({ kind: 'connected', agent }), ['info: Codex connected']);
  });

  it('has nothing of what is typed and of files: those are in the time-line', () => {
    assert.deepEqual(told({ kind: 'typed', row: 'p3', agent, by: 'person', bytes: 8 }), []);
    assert.deepEqual(told({ kind: 'wrote', agent, path: '/x/y' }), []);
  });
});
