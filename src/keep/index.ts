export { Keeper } from './keeper/keeper';
export { KeptServer } from './near/keptServer';
export { endKept, findKept, findOrStartKept } from './near/startKept';
export { LISTENING, parseKeepOptions, type KeepOptions, type KeepSettings } from './settings';
