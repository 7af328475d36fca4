export { Base64Error, decodeBase64, encodeBase64 } from './base64';
export { ErrorCode, internalError, invalidParams, invalidRequest, RpcError } from './errors';
export { giveBackMessage } from './messageMemory';
export type { Method } from './method';
export type { Notification } from './notification';
export {
  fromNativePath,
  parsePathUri,
  PathUriError,
  platformName,
  toNativePath,
  type PathUri,
  type PlatformName,
} from './pathUri';
export * as appServer from './appServer';
export * as execServer from './execServer';
export * as v0 from './v0';
export type { EnvironmentInfo, ShellName } from './execServer';
