module.exports = {
  require: ['tsx', './test/support/poison.cjs'],
  extension: ['ts'],
  timeout: 120_000,
  exit: true,
  // As in the editor, which has no command line for it.
  ...(process.env.TEST_GREP && { grep: process.env.TEST_GREP }),
};
