import { randomBytes } from 'node:crypto';
import type { Payload } from './payload';

/** Before every word of the far half; random, so that nothing else that is printed there looks like one. */
export function newNonce(): string {
  return `@${randomBytes(12).toString('hex')}:`;
}

/** Where a Node may be that the PATH of commands without a login does not name: version managers, the editors' servers. */
const NODES = [
  '"$(command -v node)"',
  '"$(command -v nodejs)"',
  ...[
    '.nvm/versions/node/*/bin/node',
    '.local/share/fnm/node-versions/*/installation/bin/node',
    '.volta/tools/image/node/*/bin/node',
    '.asdf/installs/nodejs/*/bin/node',
    '.local/share/mise/installs/node/*/bin/node',
    '.nodenv/versions/*/bin/node',
    'n/n/versions/node/*/bin/node',
    '.local/bin/node',
    ...[
      '.vscode-server',
      '.vscode-server-insiders',
      '.cursor-server',
      '.windsurf-server',
      '.vscodium-server',
    ].flatMap((server) => [`${server}/cli/servers/*/server/node`, `${server}/bin/*/node`]),
  ].map((path) => `"$HOME"/${path}`),
  '/vscode/vscode-server/bin/*/*/node',
  '/usr/local/bin/node',
  '/usr/local/n/versions/node/*/bin/node',
  '/usr/bin/node',
  '/opt/homebrew/bin/node',
  '/home/linuxbrew/.linuxbrew/bin/node',
  '/snap/bin/node',
  '/opt/node*/bin/node',
  '/opt/nodejs/*/bin/node',
];

/** The list of `places` in the far half, as the shell sees it. */
const PLACES = [
  '"$XDG_CACHE_HOME/exec-server"',
  '"$HOME/.cache/exec-server"',
  '"/var/tmp/exec-server-$U"',
  '"${TMPDIR:-/tmp}/exec-server-$U"',
  '"/dev/shm/exec-server-$U"',
];

/**
 * What is sent first, to a `sh` that reads its stdin: finds a Node and runs `code` by it. The last words of the command
 * are `sh` alone, so that whatever stands between, such as ssh and a login shell of any kind, has nothing to change. A
 * group, so that a line that is cut runs nothing.
 *
 * @param likely what that machine is not asked about if it is of this platform
 */
export function bootstrap(nonce: string, code: string, likely?: Pick<Payload, 'platform' | 'key'>): string {
  // In two parts: a terminal there would send back what it is sent.
  const half = nonce.length / 2;
  return `{
N=${nonce.slice(0, half)}''${nonce.slice(half)}
J=${quoted(code)}
ok() { [ -x "$1" ] || return 1; v=$("$1" --version </dev/null 2>/dev/null); v=\${v#v}; v=\${v%%.*}; case $v in ''|*[!0-9]*) return 1 ;; esac; [ "$v" -ge 20 ]; }
if [ -t 0 ]; then printf '%s{"is":"terminal"}\\n' "$N"; exit 1; fi
U=$(id -u)
case $HOME in /*) ;; *) HOME=$(eval "echo ~$(id -un)") ;; esac
case $XDG_CACHE_HOME in /*) ;; *) XDG_CACHE_HOME=$HOME/.cache ;; esac
n=
for c in ${NODES.join(' ')}; do
  if ok "$c"; then n=$c; break; fi
done
if [ -z "$n" ]; then for d in ${PLACES.join(' ')}; do
  if [ -O "$d" ] && ok "$d/node"; then n=$d/node; break; fi
done; fi
${SEND_NODE}
exec "$n" -e "$J" "$N" ${likely?.platform ?? ''}:${likely?.key ?? ''}
}
`;
}

/**
 * Without a Node it says so, and takes one if it is answered with a checksum and a size, and not with 0. It is there under
 * its name only when it is whole and runs.
 */
const SEND_NODE = `if [ -z "$n" ]; then
  l=; for p in head gzip mkdir chmod mv rm; do command -v $p >/dev/null || l="$l $p"; done
  s=; if command -v sha256sum >/dev/null; then s=sha256sum; elif command -v shasum >/dev/null; then s='shasum -a 256'; else l="$l sha256sum"; fi
  m=false; for f in /lib/ld-musl-*; do [ -e "$f" ] && m=true; done
  printf '%s{"is":"noNode","system":"%s","machine":"%s","musl":%s,"lacks":"%s"}\\n' "$N" "$(uname -s)" "$(uname -m)" $m "$l"
  read -r h b || exit 1
  [ "$h" = 0 ] && exit 1
  umask 077
  p=; t=
  for d in ${PLACES.join(' ')}; do
    e=
    if mkdir -p "$d" 2>/dev/null && [ -O "$d" ] && [ -w "$d" ]; then
      if ( printf '#!/bin/sh\\n' >"$d/.try-$$" && chmod 700 "$d/.try-$$" ) 2>/dev/null; then
        "$d/.try-$$" 2>/dev/null || e='programs may not be run there'
        rm -f "$d/.try-$$"
      else e='cannot be written to'; fi
    else e='cannot be written to'; fi
    if [ -z "$e" ]; then p=$d; break; fi
    t="$t\${t:+,}[\\"$d\\",\\"$e\\"]"
  done
  if [ -z "$p" ]; then printf '%s{"is":"noPlace","tried":[%s]}\\n' "$N" "$t"; exit 1; fi
  x=$p/.node-$$
  trap 'rm -f "$x"' EXIT
  printf '%s{"is":"need","folder":"%s"}\\n' "$N" "$p/node"
  head -c "$b" | gzip -dc >"$x" 2>/dev/null
  k=$($s <"$x")
  if [ "\${k%% *}" != "$h" ]; then printf '%s{"is":"damaged"}\\n' "$N"; exit 1; fi
  chmod 700 "$x"
  if ok "$x"; then mv -f "$x" "$p/node"; n=$p/node
  else printf '%s{"is":"failed","reason":"the Node that was sent does not run there"}\\n' "$N"; exit 1; fi
fi`;

function quoted(text: string): string {
  return `'${text.replaceAll("'", "'\\''")}'`;
}
