import { execFileSync } from 'node:child_process';
import { copyFileSync, mkdirSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import path from 'node:path';

const BUSYBOX = '/bin/busybox';
export const ROOT_FS_NEEDS = [BUSYBOX];

/** What of Node is there: all, only the libraries that it needs, or nothing. */
export type NodeThere = 'all' | 'libraries' | 'nothing';

/** A machine's files: busybox for all its commands, and Node. Nothing is fetched. */
export function makeRootFs(root: string, node: NodeThere = 'all'): void {
  for (const folder of [
    'bin',
    'usr/local/bin',
    'usr/bin',
    'etc',
    'root',
    'tmp',
    'var/tmp',
    'proc',
    'sys',
    'dev',
    'run',
  ])
    mkdirSync(path.join(root, folder), { recursive: true });
  writeFileSync(path.join(root, 'etc/passwd'), 'root:x:0:0:root:/root:/bin/sh\n');
  writeFileSync(path.join(root, 'etc/group'), 'root:x:0:\n');
  copyFileSync(BUSYBOX, path.join(root, 'bin/busybox'));
  for (const name of execFileSync(BUSYBOX, ['--list'], { encoding: 'utf8' }).trim().split('\n'))
    if (name !== 'busybox') symlinkSync('/bin/busybox', path.join(root, 'bin', name));
  if (node === 'nothing') return;
  if (node === 'all') copyFileSync(process.execPath, path.join(root, 'usr/local/bin/node'));
  const libraries = execFileSync('ldd', [process.execPath], { encoding: 'utf8' }).matchAll(/(\/\S+)/g);
  for (const [library] of libraries) {
    mkdirSync(path.join(root, path.dirname(library)), { recursive: true });
    copyFileSync(library, path.join(root, library));
  }
}

/** What `makeRootFs` has made. */
export function removeRootFs(root: string): void {
  rmSync(root, { recursive: true, force: true });
}
