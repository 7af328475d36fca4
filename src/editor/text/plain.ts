import { shortLine } from './clean';

/** The editor cuts a notification here. */
const SHOWN_CHARACTERS = 1000;
/** Joins what it stands between and is not seen. */
const JOINER = '\u2060';
/** Is not seen, and counts as a blank where Markdown looks for emphasis. */
const BLANK = '\ufeff';

/**
 * Text of others for a place where the editor draws `$(name)` as an icon and `[words](command:…)` as a link: it looks
 * as it is, and is neither. One line of at most `max` characters, without anything that can't be seen.
 */
export function plain(text: string, max = SHOWN_CHARACTERS): string {
  return inert(shortLine(text, max));
}

/**
 * Text of others for a place whose tooltip the editor makes by reading it as Markdown, such as tabs of terminals and
 * descriptions in lists: it looks as it is, and does nothing. There is no unseen cure for a backtick, so a look-alike
 * stands for it. One line of at most `max` characters.
 */
export function plainMarkdown(text: string, max = SHOWN_CHARACTERS): string {
  return inert(shortLine(text, max))
    .replaceAll('`', 'ˋ')
    .replace(/[*~]+|(?<![A-Za-z0-9])_+/g, `$&${BLANK}`)
    .replace(/[<&\\@]|:(?=\/\/)|www(?=\.)/gi, `$&${JOINER}`)
    .replace(/^(?=[#>+=|\d-])/, JOINER);
}

/** A name for the tab of a terminal: text that went through `plainTab`. */
export type TabName = string & { readonly isTabName: true };

export function plainTab(text: string): TabName {
  return plainMarkdown(text) as TabName;
}

function inert(line: string): string {
  return line.replace(/\$(?=\()|\](?=[([:])/g, `$&${JOINER}`);
}
