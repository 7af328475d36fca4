import assert from 'node:assert/strict';
import { ProcessTable } from '../../../src/process/processTable';
import { Recorder, type Deed } from '../../../src/record';
import { FakeClock } from '../../support/clock';
import { posix, shell, spec, until, untilClosed, untilOutput } from '../process/helpers';

const OWNERS = ['one', 'two', 'three'].map((id) => ({ id, name: `Agent ${id}` }));
const [ONE, TWO, THREE] = OWNERS as [
  { id: string; name: string },
  { id: string; name: string },
  { id: string; name: string },
];

(posix ? describe : describe.skip)('what the recorder tells of processes and clients', () => {
  const table = new ProcessTable();
  const deeds: Deed[] = [];
  const recorder = new Recorder(table, (deed) => deeds.push(deed));
  after(async () => {
    await table.shutdown();
    recorder[Symbol.dispose]();
  });
  beforeEach(() => (deeds.length = 0));

  it('who ran what, who typed how much, who took the keyboard, and how it ended, and nothing of what was in it', async () => {
    const env = { PATH: process.env['PATH'] ?? '', TOKEN: 'valueOfTheEnvironment' };
    const cat = await table.start('id', spec(['cat'], { pipeStdin: true, env }), ONE);
    await cat.write(Buffer.from('typedByTheAgent'));
    await cat.type(Buffer.from('secret'));
    await cat.keyboard.reply(Buffer.from('answer of a terminal'));
    await untilOutput(cat, /terminal/);
    cat.keyboard.takeOver();
    cat.keyboard.giveBack();
    await cat.stop({ from: 'terminate', by: 'person' });
    await untilClosed(cat);
    const failed = await table.start('id', shell('exit 3'), TWO);
    await untilClosed(failed);
    await until(() => deeds.filter(({ kind }) => kind === 'ended').length === 2);
    const [command, agent] = [{ row: cat.id, argv: ['cat'], cwd: '/tmp' }, ONE];
    const isFirst = (deed: Deed): boolean => 'row' in deed && deed.row === cat.id;
    assert.deepEqual(
      deeds.filter(isFirst).map((deed) => (deed.kind === 'ended' ? { ...deed, ms: 0 } : deed)),
      [
        { kind: 'ran', agent, ...command },
        { kind: 'typed', row: cat.id, agent, by: 'agent', bytes: 15 },
        { kind: 'typed', row: cat.id, agent, by: 'person', bytes: 6 },
        { kind: 'tookKeyboard', row: cat.id, agent },
        { kind: 'gaveBack', row: cat.id, agent },
        {
          kind: 'ended',
          row: cat.id,
          agent,
          state: 'killed',
          exitCode: 143,
          signal: 15,
          ms: 0,
          by: 'person',
        },
      ],
    );
    const last = deeds.at(-1);
    assert.ok(last?.kind === 'ended' && last.exitCode === 3 && last.agent.id === 'two');
    const told = JSON.stringify(deeds);
    for (const inner of ['typedByTheAgent', 'secret', 'valueOfTheEnvironment'])
      assert.ok(!told.includes(inner));
  });

  it('that a person answered a hidden prompt, and not how long the answer is', async () => {
    const asking = { ...shell('read -s word; echo over'), argv: ['bash', '-c', 'read -s word; echo over'] };
    const process = await table.start('id', { ...asking, tty: true }, ONE);
    await until(() => process.keyboard.hides);
    await process.type(Buffer.from('correct horse\r'));
    await untilClosed(process);
    await until(() => deeds.some(({ kind }) => kind === 'ended'));
    const [typed, ...others] = deeds.filter(({ kind }) => kind === 'typed');
    assert.deepEqual(typed, { kind: 'typed', row: process.id, agent: ONE, by: 'person' });
    assert.deepEqual(others, []);
  });

  it('what was typed within two seconds in one line, in the order of who typed, and before the end', async () => {
    const cat = await table.start('id', spec(['cat'], { pipeStdin: true }), ONE);
    using clock = new FakeClock();
    const typed = (): unknown[] =>
      deeds.flatMap((deed) => (deed.kind === 'typed' ? [[deed.by, deed.bytes]] : []));
    for (const key of 'abc') await cat.type(Buffer.from(key));
    await cat.write(Buffer.from('agent'));
    assert.deepEqual(typed(), [['person', 3]]);
    await clock.pass(1999);
    assert.deepEqual(typed(), [['person', 3]]);
    await clock.pass(1);
    assert.deepEqual(typed(), [
      ['person', 3],
      ['agent', 5],
    ]);
    await cat.type(Buffer.from('last'));
    cat.killNow();
    await clock.until(() => deeds.some(({ kind }) => kind === 'ended'));
    assert.deepEqual(typed().at(-1), ['person', 4]);
    assert.equal(deeds.at(-1)?.kind, 'ended');
  });

  it('of a secret that is typed into a pipe neither what nor how much it was, and one line however slowly', async () => {
    const cat = await table.start('id', spec(['cat'], { pipeStdin: true }), ONE);
    using clock = new FakeClock();
    for (const key of 'slow') {
      await cat.type(Buffer.from(key), true);
      await clock.pass(1500);
    }
    await clock.pass(2000);
    assert.deepEqual(deeds.slice(1), [{ kind: 'typed', row: cat.id, agent: ONE, by: 'person' }]);
    cat.killNow();
    await clock.until(() => cat.closed);
  });

  it('what was typed just before it is told no more', async () => {
    const others: Deed[] = [];
    const brief = new Recorder(table, (deed) => others.push(deed));
    const cat = await table.start('id', spec(['cat'], { pipeStdin: true }), ONE);
    await cat.write(Buffer.from('four'));
    brief[Symbol.dispose]();
    await cat.write(Buffer.from('more'));
    assert.deepEqual(
      others.map((deed) => [deed.kind, 'bytes' in deed && deed.bytes]),
      [
        ['ran', false],
        ['typed', 4],
      ],
    );
    cat.killNow();
    await untilClosed(cat);
  });

  it('what was refused, why, and for whom', async () => {
    table.noteUnstarted('id', spec(['curl', 'x']), THREE, { why: 'sandbox', reason: 'no sandbox here' });
    await assert.rejects(table.start('id', spec(['/no/such/program']), THREE));
    assert.deepEqual(
      deeds.map((deed) => deed.kind === 'refused' && [deed.agent, deed.argv[0], deed.reason !== '']),
      [
        [THREE, 'curl', true],
        [THREE, '/no/such/program', true],
      ],
    );
  });

  it('who came, went, came back, and left', () => {
    const client = { id: 'c', name: 'Codex', connected: true };
    recorder.seeClients([client]);
    recorder.seeClients([client]);
    recorder.seeClients([{ ...client, connected: false }]);
    recorder.seeClients([client]);
    recorder.seeClients([]);
    assert.deepEqual(
      deeds.map(({ kind }) => kind),
      ['connected', 'disconnected', 'connected', 'left'],
    );
  });

  it('of a very long command the beginning', async () => {
    const long = await table.start('id', shell(`true ${'x'.repeat(100_000)}`), ONE);
    await untilClosed(long);
    assert.ok(JSON.stringify(deeds[0]).length < 5000);
  });
});
