import assert from 'node:assert/strict';
import { ours } from './cases.js';
import type { Json } from './client.js';
import type { Proc } from './session.js';

const members = async (proc: Proc, more = {}): Promise<{ members: Json[]; ports?: Json[] }> =>
  (await proc.client.call('process/members', { processId: proc.id, ...more })) as never;

describe('process/members', () => {
  ours('extensions: it and all that came of it, the ones that left the session too', async (t) => {
    const session = await t.session();
    const script = "setsid sh -c 'echo daemon $$; exec sleep 611' & echo self $$; while :; do :; done";
    const proc = await session.sh(script);
    await proc.until('daemon');
    await proc.until('self');
    const [, self] = /self (\d+)/.exec(proc.text('stdout')) ?? [];
    const [, daemon] = /daemon (\d+)/.exec(proc.text('stdout')) ?? [];
    let told = await members(proc);
    // It becomes another program, under its number.
    while (told.members[1]?.['command'] !== 'sleep 611') told = await members(proc);
    assert.deepEqual(
      told.members.map(({ pid }) => pid),
      [Number(self), Number(daemon)],
    );
    assert.equal(told.ports, undefined, 'nobody asked');
    const usage = told.members[0]?.['usage'] as { cpuMs: number; memoryBytes: number };
    assert.ok(usage.memoryBytes > 100_000);
    for (let later = usage.cpuMs; later <= usage.cpuMs;)
      later = ((await members(proc)).members[0]?.['usage'] as { cpuMs: number }).cpuMs;
  });

  ours('extensions: the ports that they listen on, where they are asked for', async (t) => {
    const session = await t.session();
    const script = `for (const host of ['127.0.0.1', '0.0.0.0'])
      require('net').createServer().listen(0, host, function () { console.log(host, this.address().port); })`;
    const proc = await session.start([process.execPath, '-e', script]);
    await proc.until(/(?:.* \d+\n){2}/);
    const listening = [...proc.text('stdout').matchAll(/^(\S+) (\d+)$/gm)].map(([, host, port]) => ({
      port: Number(port),
      isOpenToOthers: host === '0.0.0.0',
    }));
    const { ports } = await members(proc, { ports: true });
    assert.deepEqual(
      ports,
      listening.sort((a, b) => a.port - b.port),
    );
  });

  ours('extensions: of one that has ended there are none; an unknown one is -32600', async (t) => {
    const session = await t.session();
    const proc = await session.run('true');
    assert.deepEqual(await members(proc), { members: [] });
    const error = await session.client.fails('process/members', { processId: 'nobody' });
    assert.deepEqual([error.code, error.message], [-32600, 'unknown process id nobody']);
    const wrong = { processId: proc.id, ports: 'all' };
    assert.equal((await session.client.fails('process/members', wrong)).code, -32602);
  });
});
