/** Set by the bundler. */
declare const EXEC_SERVER_VERSION: string | undefined;

/** This package's version. */
export const version = typeof EXEC_SERVER_VERSION === 'string' ? EXEC_SERVER_VERSION : '0.0.0-dev';
