import assert from 'node:assert/strict';
import { taskkillArguments, taskkillPath } from '../../../../src/process/stop/windowsTree';

describe('ending a tree of processes on Windows', () => {
  it('calls taskkill by its full path and never by program name', () => {
    assert.deepEqual(taskkillArguments(12, false), ['/PID', '12', '/T']);
    assert.deepEqual(taskkillArguments(12, true), ['/PID', '12', '/T', '/F']);
    assert.match(taskkillPath({ SystemRoot: 'D:\\Win' }), /^D:\\Win.System32.taskkill\.exe$/);
  });
});
