// Runs the same test entry in a desktop VS Code. There is no browser to click in: such tests skip themselves.
import path from 'node:path';
import { provideDesktop, startDesktop } from './desktop.mjs';
import { SUITE_MS } from './patience.mjs';
import { makeProfile } from './profile.mjs';
import { judge } from './results.mjs';
import { say } from './run.mjs';

const LINE_MARK = '\u0001test\u0001';

/** @param {import('./options.mjs').TestOptions} options @returns {Promise<import('./results.mjs').Verdict>} */
export async function testInDesktop({
  extension = '.',
  tests,
  workspace,
  settings,
  env,
  timeoutMs = SUITE_MS,
  vsix,
  verbose,
}) {
  if (vsix) throw new Error('a packaged extension is tested with --host server');
  const executable = await provideDesktop();
  const profile = makeProfile(settings);
  const file = path.join(profile.root, 'results.json');
  say(`desktop VS Code: ${executable}`);

  const what = { workspace: workspace ?? profile.workspace, extension: path.resolve(extension), tests };
  const own = { TEST_RESULTS: file, TEST_LINE_MARK: LINE_MARK };
  const { child, stop } = startDesktop(executable, profile, what, { ...env, ...own });
  for (const stream of [child.stdout, child.stderr]) printLines(stream, verbose);
  const end = await new Promise((resolve) => {
    child.once('exit', (status, signal) =>
      resolve(signal ? { trouble: `VS Code ended with ${signal}` } : { status }),
    );
    child.once('error', (error) => resolve({ trouble: error.message }));
    setTimeout(
      () => resolve({ trouble: `the tests did not end within ${timeoutMs / 1000} s` }),
      timeoutMs,
    ).unref();
  });
  await stop();
  return judge(file, end.status, end.trouble);
}

/** @param {import('node:stream').Readable | null} stream @param {boolean | undefined} verbose */
function printLines(stream, verbose) {
  let rest = '';
  stream?.setEncoding('utf8').on('data', (chunk) => {
    const lines = (rest + chunk).split('\n');
    rest = lines.pop() ?? '';
    for (const line of lines) {
      const at = line.indexOf(LINE_MARK);
      if (at >= 0) console.log(line.slice(at + LINE_MARK.length));
      else if (verbose) say(line);
    }
  });
}
