import { basename } from 'node:path';

/** How the text of a line and the name of a program tell what it is about. Pure, and about English at most. */

/** Ends like a question, or has one in it. */
const ASKED = /\?|[:>›»❯)\]]$|\b(?:press|hit|type|enter)\b.*\b(?:key|enter|return|continue|quit)\b/i;
/** A whole line that asks, though the cursor is below it. */
const ASKED_IN_FULL = /[?:]$|[[(](?:y\/n|yes\/no)\W?[^)\]]*[)\]]\W*$/i;
const SECRET = /pass(?:word|phrase|code|wd)|\bpin\b|secret|token|api.?key/i;
/** Percentages, spinners, ends in dots. */
const PROGRESS = /\d\s*%|\bETA\b|[\u2800-\u28ff]|(?:\.\.|…)$/;
/** What a pager leaves in its last row. */
const PAGER = /^:$|\(END\)$|--More--|^(?:lines \d+-\d+|Manual page )/;
/** One or two words and a sign: `$`, `>>>`, `In [3]:`, `(gdb)`, `mysql>`, `user@host:~/x $`, `❯`. */
const PROMPT =
  /^(?:\S{1,80} ){0,2}\S{0,80}[$#%>❯➜]$|^\.\.\.$|^In \[\d+\]:$|^\((?:gdb|lldb|Pdb|rdb:\d+|dlv)\)$/;

export const looksAsked = (text: string): boolean => text.length > 0 && ASKED.test(text);
export const asksInFull = (text: string): boolean => ASKED_IN_FULL.test(text);
export const wantsSecret = (text: string): boolean => SECRET.test(text);
export const looksLikeProgress = (text: string): boolean => PROGRESS.test(text);
export const isPagerText = (text: string): boolean => PAGER.test(text);
export const isPromptText = (text: string): boolean => PROMPT.test(text);
/** Says nothing by itself: the question stands above. */
export const isBareSign = (text: string): boolean => /^[>›»❯?:#]+$/.test(text);

/** They take keys, and ask nothing. */
const SCREENS = new Set(['less', 'more', 'most', 'pg', 'top', 'htop', 'watch', 'vim', 'vi', 'nvim', 'nano']);
/** They pass on what others write, wherever those are; that they wait for input means nothing. */
const CARRIERS = new Set(
  'ssh mosh-client telnet nc ncat netcat socat docker podman kubectl sudo su doas script tmux screen'.split(
    ' ',
  ),
);
const SHELLS = new Set('sh bash dash ash zsh fish ksh mksh tcsh csh nu pwsh'.split(' '));
/** Options of shells that are followed by a value. */
const WITH_VALUE = /^(?:--rcfile|--init-file|[-+][oO])$/;

export const isScreen = (name: string): boolean => SCREENS.has(name);
export const isCarrier = (name: string): boolean => CARRIERS.has(name);

/** Whether it is a shell that was given nothing to run, and so reads commands from its input. */
export function isInteractiveShell([program = '', ...args]: readonly string[]): boolean {
  if (!SHELLS.has(basename(program).replace(/^-/, ''))) return false;
  for (let at = 0; at < args.length; at++) {
    const arg = args[at] ?? '';
    if (WITH_VALUE.test(arg)) at++;
    else if (!/^[-+]/.test(arg) || /^-[A-Za-z]*c/.test(arg)) return false;
  }
  return true;
}
