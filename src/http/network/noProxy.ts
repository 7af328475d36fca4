import { BlockList, isIP, isIPv4 } from 'node:net';
import { hostOf, portOf } from './target';

/**
 * Whether a list says that this URL is asked without a proxy. An entry is `*`, a domain (with all below it; a dot or
 * `*.` before it changes nothing), an address, or a subnet such as `10.0.0.0/8`; all but subnets may end in `:PORT`.
 */
export function isExempt(url: URL, list: readonly string[]): boolean {
  const host = hostOf(url).toLowerCase().replace(/\.$/, '');
  const port = portOf(url);
  return list.some((entry) => matches(entry.trim().toLowerCase(), host, port));
}

/** The entries of a variable such as `NO_PROXY`. */
export function listOf(text: string): string[] {
  return text.split(/[,\s]+/).filter((entry) => entry !== '');
}

function matches(entry: string, host: string, port: number): boolean {
  if (entry === '*') return true;
  if (entry === '') return false;
  if (entry.includes('/')) return isInSubnet(host, entry);
  const [, name = '', own] = /^(\[.*\]|[^:]*)(?::(\d+))?$/.exec(entry) ?? ['', entry];
  if (own !== undefined && Number(own) !== port) return false;
  const bare = name.replace(/^\[(.*)\]$/, '$1').replace(/^\*?\./, '');
  if (bare === '') return false;
  if (isIP(host) !== 0)
    return isIP(bare) === isIP(host) && inList(host, (list, family) => list.addAddress(bare, family));
  return host === bare || host.endsWith(`.${bare}`);
}

function isInSubnet(host: string, subnet: string): boolean {
  const slash = subnet.lastIndexOf('/');
  const [base, bits] = [subnet.slice(0, slash), Number(subnet.slice(slash + 1))];
  const isSubnet =
    isIP(base) !== 0 && Number.isInteger(bits) && bits >= 0 && bits <= (isIPv4(base) ? 32 : 128);
  return (
    isSubnet &&
    isIP(base) === isIP(host) &&
    inList(host, (list, family) => list.addSubnet(base, bits, family))
  );
}

/** Node's own reading of addresses, of which one may be written in many ways. */
function inList(host: string, add: (list: BlockList, family: 'ipv4' | 'ipv6') => void): boolean {
  const family = isIPv4(host) ? 'ipv4' : 'ipv6';
  const list = new BlockList();
  add(list, family);
  return list.check(host, family);
}
