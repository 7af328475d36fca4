/**
 * What the pane costs the editor's host: how late its timers fire and how much memory it has, with 200 running rows of
 * which each writes every two seconds, the view shown and then hidden; and the same with nothing running. Prints, and
 * judges nothing. Run by `node scripts/pane.mjs`.
 */
import { writeFileSync } from 'node:fs';
import { monitorEventLoopDelay } from 'node:perf_hooks';
import { setTimeout as delay } from 'node:timers/promises';
import * as vscode from 'vscode';
import { driver, eventually } from '../../editor/host/driver';

const ROWS = 200;
/** For one figure. */
const MEASURE_MS = 20_000;
/** After what was begun has been drawn. */
const SETTLE_MS = 10_000;
const RESOLUTION_MS = 1;
const MIB = 1024 * 1024;

const call = <T>(name: string, params: object = {}): Thenable<T> =>
  vscode.commands.executeCommand<T>(`execServer.${name}`, params);

async function measured(what: string): Promise<string> {
  await delay(SETTLE_MS);
  const delays = monitorEventLoopDelay({ resolution: RESOLUTION_MS });
  const before = process.cpuUsage();
  delays.enable();
  await delay(MEASURE_MS);
  delays.disable();
  const { user, system } = process.cpuUsage(before);
  const late = [50, 99].map((share) => `${(delays.percentile(share) / 1e6 - RESOLUTION_MS).toFixed(1)} ms`);
  const cpu = (user + system) / 10 / MEASURE_MS;
  const { rss } = process.memoryUsage();
  return `| ${what} | ${late.join(' | ')} | ${cpu.toFixed(0)} % | ${(rss / MIB).toFixed(0)} MiB |`;
}

async function figures(): Promise<string[]> {
  await driver.openView('Exec Server');
  const lines = [await measured('nothing runs, view shown')];
  for (let row = 0; row < ROWS; row++)
    await call('start', { command: `while sleep 2; do echo ${row}; done`, clientName: `Agent ${row % 3}` });
  const count = async (): Promise<number> => (await call<{ processes: unknown[] }>('list')).processes.length;
  await eventually(async () => (await count()) === ROWS, `${ROWS} rows`);
  lines.push(await measured(`${ROWS} rows, view shown`));
  await vscode.commands.executeCommand('workbench.view.explorer');
  lines.push(await measured(`${ROWS} rows, view hidden`));
  return lines;
}

export async function run(): Promise<void> {
  const lines = await figures();
  const head = '| | timers late, median | 99 % | processor | resident |\n|---|---|---|---|---|';
  const results = [{ title: ['', head, ...lines].join('\n'), state: 'passed' }];
  writeFileSync(process.env['TEST_RESULTS'] ?? '', JSON.stringify({ results }));
}
