import { once } from 'node:events';
import { launch } from './target.js';

/** Starts a server that is expected not to come up. */
export async function refused(args: string[]): Promise<{ code: number; stdout: string; stderr: string }> {
  const child = await launch(args);
  child.stdin?.end();
  let [stdout, stderr] = ['', ''];
  child.stdout?.on('data', (data: Buffer) => (stdout += data.toString()));
  child.stderr?.on('data', (data: Buffer) => (stderr += data.toString()));
  const [code] = (await once(child, 'close')) as [number];
  return { code, stdout, stderr };
}
