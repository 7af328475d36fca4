/** The signal that ends a server which nobody needs any more: at once, unless it has coverage to write first. */
export const AT_ONCE: NodeJS.Signals = process.env['NODE_V8_COVERAGE'] === undefined ? 'SIGKILL' : 'SIGTERM';
