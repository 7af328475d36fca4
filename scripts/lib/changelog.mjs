// CHANGELOG.md in the form of https://keepachangelog.com: what is not released yet, then a section for each version.

const UNRELEASED = '## [Unreleased]';

/** What stands below a heading, up to the next of its kind. @param {string} text @param {string} heading @returns {string} */
export function section(text, heading) {
  const lines = text.split('\n');
  const start = lines.findIndex((line) => line === heading || line.startsWith(`${heading} `));
  if (start < 0) throw new Error(`CHANGELOG.md has no "${heading}"`);
  const length = lines.slice(start + 1).findIndex((line) => line.startsWith('## '));
  return lines
    .slice(start + 1, length < 0 ? undefined : start + 1 + length)
    .join('\n')
    .trim();
}

/**
 * Gives what is not released yet a version and a date, and leaves an empty section for what comes next. Throws when
 * there is nothing to release, or when the version is there already.
 * @param {string} text @param {string} version @param {string} date YYYY-MM-DD
 * @returns {{ text: string, notes: string }}
 */
export function release(text, version, date) {
  const notes = section(text, UNRELEASED);
  if (!/^- /m.test(notes))
    throw new Error('CHANGELOG.md has nothing below [Unreleased]: say what has changed');
  const heading = `## [${version}]`;
  if (text.split('\n').some((line) => line.startsWith(heading)))
    throw new Error(`CHANGELOG.md has a section of ${version} already`);
  return { text: text.replace(UNRELEASED, `${UNRELEASED}\n\n${heading} - ${date}`), notes };
}
