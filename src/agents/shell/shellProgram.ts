/** Most that is kept of one stream of a command, in bytes: what a program writes beyond it is not shown. */
export const MAX_SHOWN_BYTES = 64 * 1024 * 1024;

/** Variables by which agents make themselves known to the commands that they start. */
const AGENT_MARKS = '$AI_AGENT$CLAUDECODE$GEMINI_CLI$OPENCODE$CODEX_THREAD_ID$GOOSE_TERMINAL$AGENT';

/** Where the program looks and what it leaves, as absolute paths. */
export interface ShellProgramPlaces {
  /** The system's bash. */
  readonly bash: string;
  /** Records of windows. */
  readonly windows: string;
  /** Where commands are announced. */
  readonly commands: string;
  /** The program that runs a command in a window, for those that want a terminal. */
  readonly program: string;
  /** Where `STATUS_SCRIPT` lies. */
  readonly status: string;
}

/**
 * The text of what a bash reads before the command of an agent: at its end it notes its jobs and its status, as
 * `parseStatus` reads them, and it leaves no variable behind.
 */
export const STATUS_SCRIPT = String.raw`# Written by Exec Server whenever an editor starts.
# A shell with a last word catches what would end it, and so does each child of its until that is a program: one that is
# signalled meanwhile would live on. So all is as it was again (but for INT, which bash keeps), and what comes in between
# ends the shell as ever.
es_signals="HUP INT ILL TRAP ABRT BUS FPE USR1 SEGV USR2 PIPE ALRM TERM XCPU XFSZ VTALRM SYS"
for es_signal in $es_signals; do trap "trap - $es_signal; kill -$es_signal $$" $es_signal; done
trap "es_base=\$?; { { jobs; echo \$es_base; } >'$es_base.exit'; } 2>/dev/null" EXIT
trap - $es_signals
unset BASH_ENV es_base es_signal es_signals
`;

/**
 * The text of the program that stands in for an agent's shell. It shows the command to the window that is open for its
 * folder and becomes the command: same pid, parent, group, environment, signals and exit. Its output passes through a
 * `tee` that nobody's death or silence holds up, or is read where the agent itself keeps it. It starts no Node, and
 * whatever goes wrong, the command runs as if nobody looked.
 *
 * Under the name of a shell it is that shell, with the same arguments; under its own it takes one argument, a script,
 * as Claude Code's CLAUDE_CODE_SHELL_PREFIX gives it.
 */
export function shellProgram({ bash, windows, commands, program, status }: ShellProgramPlaces): string {
  return String.raw`#!${bash} -p
# Written by Exec Server whenever an editor starts; see its docs/AGENTS.md.
# Names begin with es_, for what is in the environment is the command's.
es_windows=${quoted(windows)}
es_commands=${quoted(commands)}
es_program=${quoted(program)}
es_status=${quoted(status)}
es_name=${'$'}{0##*/}
es_own=${'$'}{0%/*}
[[ $CLAUDE_CODE_SHELL_PREFIX != "$0" ]] || unset CLAUDE_CODE_SHELL_PREFIX

# The real shell: what would have been found without us.
es_find_shell() {
  local folder IFS=:
  es_shell=/bin/$es_name
  [[ :$PATH: == *":$es_own:"* || ! -x $es_shell ]] || return
  set -f
  for folder in $PATH; do
    [[ -x $folder/$es_name && ! $folder -ef $es_own ]] && es_shell=$folder/$es_name && break
  done
  set +f
}

case $es_name in
  bash | sh | zsh | dash | ksh)
    es_find_shell
    set -- "$es_shell" "$@"
    # A person's own shell is none of our business.
    [[ -n ${AGENT_MARKS} ]] || exec "$@"
    if [[ :$PATH: == *":$es_own:"* ]]; then
      es_path=:$PATH:
      es_path=${'$'}{es_path//":$es_own:"/:}
      es_path=${'$'}{es_path#:}
      PATH=${'$'}{es_path%:}
    fi
    [[ $2 == -*c && $# -ge 3 ]] || exec "$@"
    ;;
  *)
    es_shell=/bin/bash es_name=bash
    [[ $1 != *snapshot-zsh-* ]] || es_name=zsh
    es_find_shell
    set -- "$es_shell" -c "$1"
    # Hooks and MCP servers come this way too.
    [[ $3 == *"eval "*" pwd -P >| "* ]] || exec "$@"
    ;;
esac

es_is_open() {
  local record pid start now folder
  for record in "$es_windows"/*.folders; do
    [[ -O $record ]] || continue
    {
      read -r pid start && kill -0 "$pid" || continue
      # By its start it is still the window's process, and none that has its pid now.
      if read -r now <"/proc/$pid/stat"; then
        now=(${'$'}{now##*) })
        [[ ${'$'}{now[19]} == "$start" ]] || continue
      fi
      while IFS= read -r folder; do
        [[ $1/ == "${'$'}{folder%/}/"* ]] && return
      done
    } <"$record"
  done
  return 1
} 2>/dev/null
[[ -O $es_windows && -O $es_commands ]] && { es_is_open "$PWD" || es_is_open "$(pwd -P)"; } || exec "$@"
[[ ! -t 0 || ! -t 1 || ! -x $es_program ]] || exec "$es_program" run -- "$@"

es_base=$es_commands/$$-$RANDOM$RANDOM
# In a group of its own and nobody's child: no signal to the command's group, and no wait of the command's, meets it.
es_copy() {
  trap '' HUP INT QUIT TERM XFSZ
  ulimit -f ${MAX_SHOWN_BYTES / 1024}
  set -m
  tee "$es_base.$1" <&3 >&4 3<&- 4>&- &
  echo $! >"$es_base.$1.pid"
} 2>/dev/null

# The agent reads a file of its own when the command has ended, and removes it: so it is opened before that. It reads
# none that has a second link.
es_follow() {
  trap '' HUP INT QUIT TERM XFSZ
  ulimit -f ${MAX_SHOWN_BYTES / 1024}
  set -m
  tail -c +1 -f -s 0.2 --pid=$$ <&3 >"$es_base.out" 3<&- &
  echo $! >"$es_base.out.pid"
}

if [[ -f /dev/fd/1 ]]; then
  (es_follow 3<"/proc/$$/fd/1") >/dev/null 2>&1
elif [[ /dev/fd/1 -ef /dev/fd/2 ]]; then
  exec > >(es_copy out 3<&0 4>&1) 2>&1
  wait $!
else
  exec > >(es_copy out 3<&0 4>&1)
  es_first=$!
  exec 2> >(es_copy err 3<&0 4>&2)
  wait $es_first $!
fi

{
  read -r es_stat <"/proc/$$/stat"
  es_who=$AI_AGENT
  [[ -n $es_who ]] || es_who=${'$'}{GEMINI_CLI:+gemini-cli}${'$'}{OPENCODE:+opencode}${'$'}{CODEX_THREAD_ID:+codex}
  es_session=$CLAUDE_CODE_SESSION_ID$CODEX_THREAD_ID$OPENCODE_PID
  printf '%s\0' 1 $$ "${'$'}{es_stat##*) }" "$PWD" "$es_who" "$es_session" $PPID "$#" "$@" end >"$es_base.about"
} 2>/dev/null
# Both of these end in the shell itself: its last word costs nothing, and changes nothing.
if [[ $3 == "shopt -u promptvars "*'exit $__code' || $3 == *"eval "*" pwd -P >| "* ]] &&
  [[ $es_base$es_status != *[!A-Za-z0-9._/@+-]* ]]; then
  export es_base
  set -- "$1" "$2" ". $es_status; $3" "${'$'}{@:4}"
# opencode has no such form, but waits for ever for a command that a signal ends, as one may that bash has given its place
# to; with a last word it gives that to none.
elif [[ -n $OPENCODE && $es_name == bash && $2 == -c && $3 != *trap* && -z $BASH_ENV$POSIXLY_CORRECT ]]; then
  export BASH_ENV=$es_status es_base
fi
exec "$@"
`;
}

/** Quotes a path, so that a shell takes it as one word. */
function quoted(path: string): string {
  return `'${path.replaceAll("'", String.raw`'\''`)}'`;
}
