export type { Connector } from './connector';
export { ConnectError, DISCONNECTED, DisconnectedError } from './errors';
export {
  ExecServerClient,
  type ClientState,
  type ConnectOptions,
  type ExecServerAddress,
} from './execServerClient';
export { spawnLocalExecServer } from './localExecServer';
export type { ExecServerCommand } from './programConnector';
export type { RemoteProcess } from './remoteProcess';
export type { AuthBearerToken } from './wsConnector';
export type { CloseCode, Transport, TransportEvents } from '../rpc/transport';
export { RpcError, type Capability, type EnvironmentInfo } from '../protocol';
