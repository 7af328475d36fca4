import assert from 'node:assert/strict';
import { commandApi } from '../../../src/agents/commandApi';
import { callToolAs } from '../../../src/agents/toolCommands';
import type { ManagedProcess } from '../../../src/environment';
import { TableExecProcess } from '../../../src/environment/execProcess';
import { createHub } from '../../../src/hub';
import { describeEnvironment, ExecServer } from '../../../src/server';
import { until, untilClosed, untilOutput } from '../process/helpers';
import { silent, SURROUNDINGS } from './fakes';
import { dialled } from './wire';

const CAT = {
  argv: ['cat'],
  cwd: 'file:///',
  env: { PATH: process.env['PATH'] ?? '' },
  tty: false,
  pipeStdin: true,
};

describe('an agent is told, by every door, that a person has the keyboard', () => {
  const hub = createHub({ attended: true });
  after(() => hub.close());

  /** A command of the model's, as the tools start one. */
  const start = async (): Promise<{ process: ManagedProcess; id: number }> => {
    const place = await hub.place();
    const owner = { id: 'extension:Model', name: 'Model' };
    const process = await place.start({ argv: ['cat'], tty: false, pipeStdin: true, env: {} }, owner);
    return { process, id: Number(process.id.slice(1)) };
  };
  const commands = commandApi({
    hub,
    connection: () => assert.fail('no connection'),
    assertAllowed: () => undefined,
  });

  it('the wire answers held, and what was written arrives once, after a person has given it back', async () => {
    const environmentInfo = () => describeEnvironment({ executorVersion: '0', surroundings: SURROUNDINGS });
    const server = await ExecServer.listen({
      ...{ host: '127.0.0.1', port: 0, auth: { type: 'token' }, log: silent },
      ...{ backend: hub.local, environmentInfo },
    });
    const { call, hangUp } = await dialled(server.url);
    await call('process/start', { processId: 'cat', ...CAT });
    const process = hub.list().find(({ clientProcessId: processId }) => processId === 'cat') ?? assert.fail();
    const write = (text: string, writeId: string): Promise<unknown> =>
      call('process/write', { processId: 'cat', chunk: Buffer.from(text).toString('base64'), writeId });
    assert.deepEqual(await write('a', '1'), { status: 'accepted' });
    process.keyboard.takeOver();
    const held = { status: 'accepted', held: 'person' };
    assert.deepEqual(await write('b', '2'), held);
    assert.deepEqual(await write('b', '2'), held);
    assert.deepEqual(await write('c', '3'), held);
    assert.deepEqual(await call('process/closeStdin', { processId: 'cat' }), held);
    await process.type(Buffer.from('!'));
    process.keyboard.giveBack();
    await untilOutput(process, /^a!bc$/);
    await untilClosed(process);
    hangUp();
    await server.close();
  });

  it('a tool says so in words, and the input is typed afterwards', async () => {
    const { process, id } = await start();
    process.keyboard.takeOver();
    const tools = { hub, reach: () => 'own', assertAllowed: () => undefined } as unknown as Parameters<
      typeof callToolAs
    >[0];
    const args = { session_id: id, chars: 'yes\n', yield_time_ms: 250 };
    const { text, isError } = await callToolAs(tools, 'write_stdin', args, { clientName: 'Model' });
    assert.equal(isError, false, text);
    assert.match(text, /^A person has the keyboard .* held\. It is typed once.*do not type it again/);
    process.keyboard.giveBack();
    await untilOutput(process, /^yes\n$/);
  });

  it('the commands and the library answer held at once', async () => {
    const { process } = await start();
    process.keyboard.takeOver();
    const held = { status: 'accepted', held: 'person' };
    const { id: processId } = process;
    assert.deepEqual(await commands['execServer.write']({ processId, data: 'a' }), held);
    assert.deepEqual(await new TableExecProcess(process).write(Buffer.from('b')), held);
    assert.deepEqual(await commands['execServer.write']({ processId, data: 'c', closeStdin: true }), held);
    assert.deepEqual(await commands['execServer.write']({ processId, data: 'd' }), {
      status: 'stdinClosed',
    });
    process.keyboard.giveBack();
    await untilOutput(process, /^abc$/);
    await until(() => process.closed);
  });
});
