// The face of the room; its far half is a bundle of its own, src/far.ts.
export { attach, type Attached, type AttachOptions } from './near/attach';
export { AttachError } from './near/attachError';
