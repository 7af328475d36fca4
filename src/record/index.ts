export { earlierCommands, endedByCrash, type EarlierCommand } from './earlier';
export type { Agent, Deed, Ended, Happening, ServerEnd } from './happening';
export { Journal, type JournalOptions } from './journal';
export { Recorder, type Client } from './recorder';
