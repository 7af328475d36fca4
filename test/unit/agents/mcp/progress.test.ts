import assert from 'node:assert/strict';
import { InMemoryTransport } from '@modelcontextprotocol/server';
import { McpClients } from '../../../../src/agents/mcp/clients';
import type { McpOptions } from '../../../../src/agents/mcp/options';
import { toolServer } from '../../../../src/agents/mcp/toolServer';
import { FakeClock } from '../../../support/clock';

const EVERY_MS = 10_000;

describe('a call of a tool that takes long', () => {
  /** Asks a server for one call, which ends when the test says so. */
  async function called(meta: { progressToken?: string }) {
    let end = (): void => undefined;
    const ended = new Promise<void>((resolve) => (end = resolve));
    const options: McpOptions = {
      tools: [],
      instructions: '',
      version: '1',
      call: () => ended.then(() => ({ text: 'done', isError: false })),
    };
    const [near, far] = InMemoryTransport.createLinkedPair();
    const got: string[] = [];
    near.onmessage = (message) => {
      if (!('method' in message)) got.push('answer');
      else got.push(String(message.params?.['progress']));
    };
    await toolServer(options, new McpClients(() => undefined)).connect(far);
    await near.start();
    await near.send({
      jsonrpc: '2.0',
      id: 1,
      method: 'tools/call',
      params: { name: 'x', arguments: {}, _meta: meta },
    });
    return { got, end };
  }

  it('is told of every 10 s until it is answered, and no more after that', async () => {
    using clock = new FakeClock();
    const { got, end } = await called({ progressToken: 't' });
    await clock.pass(EVERY_MS - 1);
    assert.equal(got.length, 0);
    await clock.pass(1);
    assert.deepEqual(got, ['1']);
    await clock.pass(EVERY_MS);
    assert.deepEqual(got, ['1', '2']);
    end();
    await clock.until(() => got.includes('answer'));
    await clock.pass(2 * EVERY_MS);
    assert.deepEqual(got, ['1', '2', 'answer']);
  });

  it('is not told of to a client that has not asked for it', async () => {
    using clock = new FakeClock();
    const { got, end } = await called({});
    await clock.pass(2 * EVERY_MS);
    end();
    await clock.until(() => got.length > 0);
    assert.deepEqual(got, ['answer']);
  });
});
