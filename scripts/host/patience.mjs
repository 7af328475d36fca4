// How long the tests and scripts wait before they give something up. A machine with other work to do may take a
// hundred times as long as a free one, so no bound here says how fast something should be: each is there so that a run
// which hangs ends, and says what it waited for.

/** Until another program has started: a browser, an editor, its page, Codex, an sshd, a server. In ms. */
export const START_MS = 300_000;

/** Until something that runs has done one thing: drawn a row, answered a request, ended. In ms. */
export const STEP_MS = 60_000;

/** For one test, in which several programs may start. In ms. */
export const CASE_MS = 600_000;

/** For all tests of one editor. In ms. */
export const SUITE_MS = 3_600_000;
