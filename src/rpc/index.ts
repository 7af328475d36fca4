export { decodeMessage } from './decode';
export { encodeNotification, RawResult, type RequestId } from './envelope';
export { LineTransport, type LineTransportOptions } from './lineTransport';
export { transportPair, type PairHalf } from './pairTransport';
export { Peer, type PeerHandler, type PeerLimits, type RequestContext } from './peer';
export { CloseCode, type Transport, type TransportEvents } from './transport';
export { WsTransport } from './wsTransport';
