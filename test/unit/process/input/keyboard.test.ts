import assert from 'node:assert/strict';
import { setTimeout as sleep } from 'node:timers/promises';
import { ProcessTable } from '../../../../src/process/processTable';
import type { ManagedProcess } from '../../../../src/process/managedProcess';
import { Keyboard } from '../../../../src/process/input/keyboard';
import { FakeClock } from '../../../support/clock';
import { OWNER, posix, shell, spec, until, untilClosed, untilOutput } from '../helpers';

/** Longer than a prompt is looked at before what waits goes on. */
const LOOKED_MS = 900;
const type = (process: ManagedProcess, text: string): Promise<unknown> => process.type(Buffer.from(text));
const write = (process: ManagedProcess, text: string, id?: string): Promise<unknown> =>
  process.write(Buffer.from(text), id);

(posix ? describe : describe.skip)('the keyboard of a process', () => {
  const table = new ProcessTable({}, { attended: true });
  after(() => table.shutdown());

  const cat = (): Promise<ManagedProcess> => table.start('id', spec(['cat'], { pipeStdin: true }), OWNER);
  const text = async (process: ManagedProcess): Promise<string> =>
    Buffer.concat((await process.read()).chunks.map(({ chunk }) => chunk)).toString();

  it('holds what agents write while a person has it, and brings it once and in order afterwards', async () => {
    const process = await cat();
    const typed = { agent: 0, person: 0 } as Record<string, number>;
    table.on('typed', (_process, by, bytes) => void (typed[by] = (typed[by] ?? 0) + bytes));
    await write(process, 'a');
    assert.equal(process.hold, null);
    process.keyboard.takeOver();
    assert.equal(process.hold, 'person');
    const held = [write(process, 'b', '1'), write(process, 'c', '2'), write(process, 'b', '1')];
    const end = process.closeStdin();
    await type(process, 'person ');
    await untilOutput(process, /person/);
    assert.equal(process.keyboard.heldBytes, 2);
    assert.equal(process.stdinOpen, true, 'the person can go on though the agent wants the end');
    await type(process, 'again ');
    process.keyboard.giveBack();
    assert.deepEqual(new Set(await Promise.all([...held, end])), new Set(['accepted']));
    await untilClosed(process);
    assert.equal(await text(process), 'aperson again bc');
    assert.deepEqual(typed, { agent: 3, person: 13 });
    table.removeAllListeners('typed');
  });

  it('tells of each change, and that there is none after the end', async () => {
    const process = await cat();
    const told: [boolean, number | null][] = [];
    process.keyboard.onChange(() => told.push([process.keyboard.taken, process.keyboard.heldBytes]));
    process.keyboard.takeOver();
    process.keyboard.takeOver();
    const held = write(process, 'xy');
    void write(process, 'z');
    assert.deepEqual(told, [
      [true, null],
      [true, 2],
    ]);
    await process.stop({ from: 'kill', by: 'person' });
    await untilClosed(process);
    assert.equal(await held, 'stdinClosed');
    assert.equal(process.keyboard.taken, false);
    process.keyboard.takeOver();
    assert.equal(process.keyboard.taken, false);
  });

  it('a box in which a person types holds agents for as long as it is open', async () => {
    const process = await cat();
    const box = process.keyboard.borrow();
    const held = write(process, 'agent');
    await type(process, 'person,');
    box[Symbol.dispose]();
    box[Symbol.dispose]();
    assert.equal(await held, 'accepted');
    await untilOutput(process, /^person,agent$/);
    assert.equal(process.hold, null);
  });

  it('overwrites what a person typed once the child has it', async () => {
    const process = await cat();
    const secret = Buffer.from('hunter2');
    await process.type(secret);
    assert.deepEqual(secret, Buffer.alloc(7));
    await untilOutput(process, /hunter2/);
  });

  it('refuses more than it may hold, in words, and takes a person’s input then', async () => {
    const process = await cat();
    process.keyboard.takeOver();
    void process.write(Buffer.alloc(16 * 1024 * 1024)).catch(() => undefined);
    await assert.rejects(write(process, 'x'), /a person has the keyboard.*16777216 bytes.*given it back/);
    await type(process, 'y');
    await untilOutput(process, /^y$/);
  });

  const ASKS =
    'stty -echo; printf "Password: "; read a; stty echo; echo; printf "Next: "; read b; echo "$a,$b."';

  it('holds agents at a prompt that hides what is typed until a person has answered it', async () => {
    const process = await table.start('id', shell(ASKS, { tty: true }), OWNER);
    await untilOutput(process, /Password: /);
    await until(() => process.hold === 'secret');
    const held = write(process, 'agent\r');
    await sleep(LOOKED_MS);
    assert.doesNotMatch(await text(process), /Next/);
    await type(process, 'hunter2\r');
    assert.match(await untilOutput(process, /,agent\./), /Next: agent\r\nhunter2,agent\./);
    assert.equal(await held, 'accepted');
    assert.equal(process.hold, null);
  });

  it('holds them on for some seconds, in which the prompt may come back, unless something reads on', async () => {
    using clock = new FakeClock();
    let [echo, waits] = [false, undefined as 'secret' | 'input' | undefined];
    const written: string[] = [];
    const take = (chunk: Uint8Array): Promise<boolean> => {
      written.push(Buffer.from(chunk).toString());
      return Promise.resolve(true);
    };
    const nothing = (): void => undefined;
    const pipe = { write: take, end: () => Promise.resolve(true), destroy: nothing };
    const means = { mode: () => ({ echo, canonical: true }), waits: () => waits };
    const keyboard = new Keyboard(pipe, { ...means, changed: nothing, typed: nothing });
    keyboard.guard();
    void keyboard.write(Buffer.from('agent'));
    echo = true;
    await clock.pass(4000);
    echo = false;
    await clock.pass(1000);
    assert.deepEqual(written, []);
    echo = true;
    await clock.pass(5100);
    assert.deepEqual(written, ['agent']);
    echo = false;
    await keyboard.type(Buffer.from('secret'));
    echo = true;
    void keyboard.write(Buffer.from('soon after'));
    await clock.pass(1000);
    assert.deepEqual(written, ['agent', 'secret']);
    waits = 'input';
    await clock.pass(200);
    assert.deepEqual(written, ['agent', 'secret', 'soon after']);
  });

  it('lets an agent answer such a prompt once a person says so', async () => {
    const process = await table.start('id', shell(ASKS, { tty: true }), OWNER);
    await untilOutput(process, /Password: /);
    const held = write(process, 'agent\r');
    process.keyboard.giveBack();
    await held;
    await untilOutput(process, /Next: /);
    await write(process, 'b\r');
    await untilOutput(process, /agent,b\./);
  });

  it('holds nobody where no person is, and nobody whose program draws what is typed itself', async () => {
    const alone = new ProcessTable();
    const process = await alone.start('id', shell(ASKS, { tty: true }), OWNER);
    await untilOutput(process, /Password: /);
    assert.equal(process.hold, null);
    await alone.shutdown();
    const raw = await table.start('id', shell('stty raw -echo; printf go; head -c 1', { tty: true }), OWNER);
    await untilOutput(raw, /go/);
    assert.equal(raw.hold, null);
  });
});
