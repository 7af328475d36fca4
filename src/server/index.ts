export type { ServerBackend } from './backend';
export { describeEnvironment, type EnvironmentFacts } from './environmentInfo';
export { ExecServer, type ClientInfo, type ExecServerOptions } from './execServer';
export { isLoopbackAddress } from './gate';
export { closeInheritedDescriptors } from './inheritedDescriptors';
export { DEFAULT_LIMITS, type ServerLimits } from './limits';
export { parseListenUrl, type ListenAddress } from './listenUrl';
export type { Logger } from './logger';
