export { announce, pointTo, tellOff, type Announced } from './announce';
export { dial } from './dial';
export { chooseWindow, findWindow, NoWindowError, ServerOffError } from './findWindow';
export { lifeOf, makeOwn, parseIdentity, thisProcess } from './identity';
export type { WindowRecord } from './record';
export { discoveryFolder, foldersIn, type DiscoveryFolder } from './folder';
export type { SocketDoor } from './privateSocket';
export { liveRecords, sweepRecords } from './records';
