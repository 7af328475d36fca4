// The README as the extension's own page in an editor needs it.

/** How to work on the extension: nothing for those who have installed it. */
const FOR_DEVELOPERS = /^## Two commands\n[\s\S]*?(?=^## )/m;
const PICTURE = /^!\[[^\]]*\]\([^():]+\.png\)\n\n/gm;
/** To a file beside the README. */
const LINK = /\[([^\]]*)\]\((?![\w+.-]+:|#)[^)]*\)/g;

/**
 * An editor's page reaches nothing but the web. With a repository the packer makes addresses there of pictures and links
 * to files; without one the pictures are left out, and of those links the words are left.
 * @param {string} readme @param {boolean} hasRepository @returns {string}
 */
export function pageOf(readme, hasRepository) {
  const page = readme.replace(FOR_DEVELOPERS, '');
  return hasRepository ? page : page.replace(PICTURE, '').replace(LINK, '$1');
}
