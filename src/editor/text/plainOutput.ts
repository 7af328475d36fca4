/**
 * What a terminal takes as more than a character: sequences by their form, then whatever controls are left. In a
 * string nothing can begin another, so that each character is looked at a few times at most.
 */
const CONTROLS =
  /\x1b\[[0-?]*[ -/]*[@-~]|\x9b[0-?]*[ -/]*[@-~]|(?:\x1b[P\]X^_]|[\x90\x98\x9d-\x9f])[^\x07\x18\x1a\x1b\x80-\x9f]*(?:\x07|\x1b\\|\x9c)|\x1b[ -/]*[0-~]|[^\P{Cc}\t\n]|[\u202a-\u202e\u2066-\u2069]/gu;

/** Output as plain text: lines, without what moves, colours or turns round, so that a paste does nothing but say it. */
export function plainOutput(text: string): string {
  return text.replace(/\r\n?/g, '\n').replace(CONTROLS, '');
}
