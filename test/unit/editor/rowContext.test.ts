import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { environmentContext, FAULTY_CONTEXT } from '../../../src/editor/environments/describe';
import { clientContext, processContext } from '../../../src/editor/tree/rowContext';
import { ENDED, MODELS, RUNNING, SURVIVED } from './rowModels';

describe('the grammar of contextValue', () => {
  const values = [
    ...MODELS.map((model) => processContext(model)),
    processContext({ ...MODELS[5]!, far: true, numbered: false, signalled: false, reached: false }, true),
    processContext({ ...RUNNING, far: true, signalled: false, reached: false }),
    processContext({ ...RUNNING, far: true }),
    processContext({ ...RUNNING, ...ENDED, state: 'killed', stop: SURVIVED }),
    processContext({ ...RUNNING, stdinOpen: true, waiting: { kind: 'secret', question: '' } }),
    processContext({ ...RUNNING, tty: true, stdinOpen: true, keyboard: { taken: true, heldBytes: null } }),
    processContext({ ...RUNNING, tty: true, stdinOpen: true }),
    ...[true, false].flatMap((connected) => [true, false].map((busy) => clientContext(connected, busy))),
    clientContext(true, true, true),
    clientContext(false, true, false, true),
    clientContext(true, true, false, false, true),
    'finished',
    'folder',
    'member',
    'member.far',
    'member.far.signalled',
    ...(['disconnected', 'connecting', 'connected', 'reconnecting', 'lost'] as const).flatMap((state) => [
      environmentContext({ kind: 'url', state }),
      environmentContext({ kind: 'command', state }),
    ]),
    environmentContext({ kind: 'local', state: 'connected' }),
    FAULTY_CONTEXT,
  ];
  const manifest = JSON.parse(readFileSync('package.json', 'utf8')) as {
    contributes: {
      menus: Record<string, { command: string; when: string; group: string }[]>;
      commands: { command: string }[];
    };
  };
  const items = manifest.contributes.menus['view/item/context'] ?? [];
  const regexOf = (when: string): RegExp =>
    new RegExp(/viewItem =~ \/(.*)\/$/.exec(when)?.[1] ?? assert.fail(when));

  it('is what the documentation says', () => {
    assert.deepEqual(values, [
      'process.running.pipe',
      'process.stopping.tty.stdin',
      'process.ok.pipe',
      'process.failed.tty',
      'process.killed.pipe',
      'process.lost.pipe',
      'process.ok.pipe.open',
      'process.unstarted.pipe',
      'process.refused.pipe.sandbox',
      'process.lost.pipe.far.away',
      'process.running.pipe.far.numbered',
      'process.running.pipe.far.numbered.signalled.reached',
      'process.killed.pipe.survivors',
      'process.running.pipe.stdin.asks',
      'process.running.tty.stdin.taken',
      'process.running.tty.stdin',
      'client.connected.busy',
      'client.connected',
      'client.disconnected.busy',
      'client.disconnected',
      'client.connected.away.busy',
      'client.disconnected.leaving.busy',
      'client.connected.droppable.busy',
      'finished',
      'folder',
      'member',
      'member.far',
      'member.far.signalled',
      'environment.url.disconnected',
      'environment.command.disconnected',
      'environment.url.connecting',
      'environment.command.connecting',
      'environment.url.connected',
      'environment.command.connected',
      'environment.url.reconnecting',
      'environment.command.reconnecting',
      'environment.url.lost',
      'environment.command.lost',
      'environment.local',
      'environment.faulty',
    ]);
  });

  for (const { command, when } of items) {
    it(`${command}: ${when} matches something, and not everything`, () => {
      const matching = values.filter((value) => regexOf(when).test(value));
      assert.ok(matching.length > 0 && matching.length < values.length);
    });
  }

  it('Kill is offered for exactly what can be stopped', () => {
    const kill = items.find(({ command }) => command === 'execServer.process.kill') ?? assert.fail();
    assert.deepEqual(
      values.filter((value) => regexOf(kill.when).test(value)),
      [
        'process.running.pipe',
        'process.stopping.tty.stdin',
        'process.ok.pipe.open',
        'process.running.pipe.far.numbered',
        'process.running.pipe.far.numbered.signalled.reached',
        'process.running.pipe.stdin.asks',
        'process.running.tty.stdin.taken',
        'process.running.tty.stdin',
      ],
    );
  });

  it('Copy Process ID is offered where a number is known', () => {
    const offered = items.filter(({ command }) => command === 'execServer.process.copyPid');
    const fits = (value: string): boolean => offered.some(({ when }) => regexOf(when).test(value));
    const far = ['process.running.tty.far.numbered', 'member.far'];
    for (const value of ['process.running.pipe', 'member', ...far]) assert.ok(fits(value), value);
    for (const value of ['process.running.tty.far', 'process.ok.pipe']) assert.ok(!fits(value), value);
  });

  it('Send Signal is offered where signals are taken, Open in Browser where ports are reached', () => {
    const fits = (command: string, value: string): boolean =>
      items.some((item) => item.command === command && regexOf(item.when).test(value));
    const far = ['process.running.pipe.far.numbered.signalled', 'member.far.signalled'];
    for (const value of ['process.running.pipe', 'process.ok.pipe.open', 'member', ...far])
      assert.ok(fits('execServer.process.sendSignal', value), value);
    const dumb = ['process.running.pipe.far', 'process.ok.pipe.far.numbered.open', 'member.far'];
    for (const value of [...dumb, 'process.ok.pipe'])
      assert.ok(!fits('execServer.process.sendSignal', value), value);
    assert.ok(fits('execServer.process.openInBrowser', 'process.running.pipe'));
    for (const value of far) assert.ok(!fits('execServer.process.openInBrowser', value), value);
    const reached = 'process.running.pipe.far.numbered.signalled.reached';
    assert.ok(fits('execServer.process.openInBrowser', reached), reached);
  });

  it('every button of a row is in its menu too, for whoever has no mouse', () => {
    const where = (isButton: boolean) => items.filter(({ group }) => group.startsWith('inline') === isButton);
    for (const { command, when } of where(true)) {
      const entries = where(false).filter((item) => item.command === command);
      for (const value of values.filter((one) => regexOf(when).test(one)))
        assert.ok(
          entries.some((entry) => regexOf(entry.when).test(value)),
          `${command} of ${value}`,
        );
    }
  });

  it('every command in a menu is declared', () => {
    const declared = new Set(manifest.contributes.commands.map(({ command }) => command));
    for (const menu of Object.values(manifest.contributes.menus)) {
      for (const { command } of menu) assert.ok(declared.has(command), command);
    }
  });

  it('every %key% of the manifest has its text, and no text is left over', () => {
    const keys = new Set(
      [...readFileSync('package.json', 'utf8').matchAll(/"%([\w.]+)%"/g)].map(([, key]) => key),
    );
    const texts = Object.keys(JSON.parse(readFileSync('package.nls.json', 'utf8')) as object);
    assert.deepEqual([...keys].sort(), texts.sort());
  });
});
