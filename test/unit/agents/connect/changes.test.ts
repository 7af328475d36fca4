import assert from 'node:assert/strict';
import type { AgentState } from '../../../../src/agents/connect/agentFiles';
import { news, type Memory } from '../../../../src/agents/connect/changes';

const state = (status: AgentState['status'], version?: string): AgentState[] => [
  { id: 'x', name: 'X', found: '/x', version, file: '/f', status, effect: '', before: '', after: '' },
];
const kinds = (...of: Parameters<typeof news>): string[] => news(...of).changes.map(([, { kind }]) => kind);

describe('what others have done to agents', () => {
  let memory: Memory = {};
  /** As an editor looks. */
  const look = (states: AgentState[]): string[] => {
    const told = kinds(states, memory);
    ({ memory } = news(states, memory));
    return told;
  };
  beforeEach(() => (memory = {}));

  it('is nothing for one that was never connected, and begins when it is, be it elsewhere', () => {
    assert.deepEqual(look(state('absent', '1')), []);
    assert.deepEqual(memory, {});
    assert.deepEqual(look(state('connected', '1')), []);
    assert.equal(memory['x']?.version, '1');
  });

  it('is told once, also when it is looked at in between, and anew when it happens anew', () => {
    look(state('connected', '1'));
    assert.deepEqual(look(state('connected', '2')), ['version']);
    assert.deepEqual(look(state('connected', '2')), []);
    assert.deepEqual(look(state('connected', '3')), ['version']);
    assert.deepEqual(look(state('absent', '3')), ['file']);
    assert.deepEqual(look(state('taken', '3')), []);
    assert.deepEqual(look(state('connected', '1')), []);
    assert.deepEqual(look(state('unreadable', '1')), ['file']);
  });

  it('is no update where a program is not found for a while, or is the same again', () => {
    look(state('connected', '1'));
    assert.deepEqual(look(state('connected')), []);
    assert.deepEqual(look(state('connected', '1')), []);
  });
});
