import * as vscode from 'vscode';
import { shortLine } from '../text/clean';
import type { ShownItem } from './row';

/** A tooltip is not the place to read a long script. */
const LINE_CHARACTERS = 2000;

/** What the mouse over a row brings up: named lines, in which the words of others are nothing but words. */
export class Tooltip {
  private readonly text = new vscode.MarkdownString();

  /** A command, in letters of one width. */
  code(line: string): this {
    const text = shortLine(line, LINE_CHARACTERS);
    const longest = Math.max(2, ...Array.from(text.matchAll(/`+/g), ([run]) => run.length));
    const fence = '`'.repeat(longest + 1);
    this.text.appendMarkdown(`${fence}\n${text}\n${fence}\n\n`);
    return this;
  }

  /** A line that is left out when there is nothing to say. */
  line(name: string, value: string | undefined): this {
    if (value) this.text.appendMarkdown(`**${entities(name)}** ${entities(value)}  \n`);
    return this;
  }

  /** Shows it for this row. */
  show(item: ShownItem): ShownItem {
    item.tooltip = this.text;
    return item;
  }
}

/** Nothing of it is Markdown, not even what looks like an address and would become a link by itself. */
export function entities(text: string): string {
  return shortLine(text, LINE_CHARACTERS)
    .replace(/[!-/:-@[-`{-~]/g, (character) => `&#${character.charCodeAt(0)};`)
    .replace(/ (?= )/g, '&#160;');
}
