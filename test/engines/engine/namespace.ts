import { writeFileSync } from 'node:fs';
import path from 'node:path';

/**
 * Engines that are to have cgroups of their own get them below this process's, in namespaces that end with them. On a
 * machine with both versions of cgroups, as some sandboxes are, they then see only the first one, which they can use.
 */
const SCRIPT = `#!/bin/sh
[ -d /sys/fs/cgroup/unified ] || exec "$@"
umount /sys/fs/cgroup/unified
for c in cpu cpuacct cpuset memory devices freezer blkio pids; do
  umount "/sys/fs/cgroup/$c" 2>/dev/null && mount -t cgroup -o "$c" cgroup "/sys/fs/cgroup/$c"
done
umount /sys/fs/cgroup/systemd 2>/dev/null && mount -t cgroup -o none,name=systemd cgroup /sys/fs/cgroup/systemd
exec "$@"
`;

/** The words that come before a command that is to run so. */
export function inNamespace(folder: string): [program: string, ...args: string[]] {
  const script = path.join(folder, 'namespace.sh');
  writeFileSync(script, SCRIPT, { mode: 0o755 });
  return ['/usr/bin/unshare', '-m', '-C', '--propagation', 'private', script];
}
