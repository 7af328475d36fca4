export { Base64Error, decodeBase64, encodeBase64, encodedLength } from './base64';
export { ErrorCode, internalError, invalidParams, invalidRequest, RpcError } from './errors';
export type { Method } from './method';
export {
  fromNativePath,
  parsePathUri,
  PathUriError,
  platformName,
  toNativePath,
  type PathUri,
} from './pathUri';
export * as appServer from './appServer';
export * as execServer from './execServer';
export * as v0 from './v0';
export type { Capability, EnvironmentInfo, ShellName } from './execServer';
