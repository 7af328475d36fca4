export { idFault, readEntries, type Entry, type Fault, type FaultyEntry, type ProgramEntry } from './entries';
export { Environments, type EnvironmentsOptions } from './environments';
export { createHub, Hub, type HubOptions } from './hub';
export { readUrl, withoutQuery, type UrlFault } from './url';
