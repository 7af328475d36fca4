module.exports = {
  require: ['tsx', './test/support/poison.cjs'],
  extension: ['ts'],
  timeout: 120_000,
  exit: true,
  // Set by a run of everything alone.
  retries: Number(process.env.TEST_RETRIES ?? 0),
};
