/**
 * Whether the whole of `text` matches `pattern`, without regard to case: `*` is any text, `?` is one
 * character, everything else stands for itself, brackets too. Never backtracks more than one star, so
 * the time is bounded by the product of the lengths, whatever the pattern.
 */
export function matchesWildcard(pattern: string, text: string): boolean {
  // By code point, so that `?` takes a whole character beyond U+FFFF.
  const wanted = Array.from(pattern.toLowerCase());
  const given = Array.from(text.toLowerCase());
  let p = 0;
  let t = 0;
  let star = -1;
  let resume = 0;
  while (t < given.length) {
    if (p < wanted.length && wanted[p] === '*') {
      star = p++;
      resume = t;
    } else if (p < wanted.length && (wanted[p] === '?' || wanted[p] === given[t])) {
      p++;
      t++;
    } else if (star >= 0) {
      // Only the last star can be worth stretching: what earlier ones took is as good as any.
      p = star + 1;
      t = ++resume;
    } else {
      return false;
    }
  }
  while (wanted[p] === '*') p++;
  return p === wanted.length;
}
