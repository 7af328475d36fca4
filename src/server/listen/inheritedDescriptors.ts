import { closeSync, readdirSync, readFileSync, readlinkSync, realpathSync } from 'node:fs';

/** Linux, in octal in /proc: a descriptor that children do not get. Node sets it on all of its own. */
const O_CLOEXEC = 0o2000000;
const LAST_STANDARD_DESCRIPTOR = 2;

/**
 * Closes what a careless parent has left open in this process, so that no child gets it
 * (docs/protocol/start.md#child). Only for a process of our own, and only on Linux, where such descriptors
 * can be told apart.
 */
export function closeInheritedDescriptors(): void {
  // The parent speaks to us over one of them.
  if (process.platform !== 'linux' || process.channel) return;
  for (const descriptor of openDescriptors()) {
    if (descriptor <= LAST_STANDARD_DESCRIPTOR || isCloseOnExec(descriptor)) continue;
    if (isCertificates(descriptor)) continue;
    try {
      closeSync(descriptor);
    } catch {
      // It was closed meanwhile, as the one that listed the folder.
    }
  }
}

function openDescriptors(): number[] {
  try {
    return readdirSync('/proc/self/fd').map(Number);
  } catch {
    return [];
  }
}

/**
 * A thread of Node's reads these while it starts, and closes them itself: were they closed here, their numbers
 * would be given to our sockets, and the thread would close those.
 */
function isCertificates(descriptor: number): boolean {
  try {
    const file = readlinkSync(`/proc/self/fd/${descriptor}`);
    const extra = process.env['NODE_EXTRA_CA_CERTS'];
    return /\.(?:pem|crt|cer)$/.test(file) || (extra !== undefined && file === realpathSync(extra));
  } catch {
    return false;
  }
}

/** When in doubt, yes: then it stays. */
function isCloseOnExec(descriptor: number): boolean {
  try {
    const flags = /^flags:\s*([0-7]+)$/m.exec(readFileSync(`/proc/self/fdinfo/${descriptor}`, 'utf8'))?.[1];
    return flags === undefined || (Number.parseInt(flags, 8) & O_CLOEXEC) !== 0;
  } catch {
    return true;
  }
}
