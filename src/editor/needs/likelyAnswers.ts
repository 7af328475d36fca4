/** An answer that a question offers, and what is typed for it before Enter. */
export interface LikelyAnswer {
  readonly label: 'yes' | 'no' | 'continue';
  readonly text: string;
}

const WHOLE_WORDS = /\byes\b\s*[/,|]\s*no\b/i;
const LETTERS = /[[(<{]\s*\[?y(?:es)?\]?\s*[/,|]\s*\[?n(?:o)?\b|\by\/n\b/i;
const ANY_KEY = /\b(?:press|hit|type)\b.*\b(?:enter|return|any key|a key)\b/i;

/** What most people would answer, in the words that the question asks for; empty if it does not say. */
export function likelyAnswers(question: string): readonly LikelyAnswer[] {
  if (WHOLE_WORDS.test(question)) {
    return [
      { label: 'yes', text: 'yes' },
      { label: 'no', text: 'no' },
    ];
  }
  if (LETTERS.test(question)) {
    return [
      { label: 'yes', text: 'y' },
      { label: 'no', text: 'n' },
    ];
  }
  return ANY_KEY.test(question) ? [{ label: 'continue', text: '' }] : [];
}
