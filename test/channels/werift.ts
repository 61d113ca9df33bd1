/** werift's SCTP and data channels, over a transport of ours instead of its DTLS. */

/** What is used of it. Its own declarations do not compile strictly. */
interface WeriftChannel {
  readonly label: string;
  readonly readyState: string;
  readonly onMessage: { subscribe(listener: (data: string | Buffer) => void): unknown };
  send(data: string | Buffer): void;
  close(): void;
}

interface WeriftTransport {
  readonly dataChannels: Record<number, WeriftChannel>;
  readonly onDataChannel: { subscribe(listener: (channel: WeriftChannel) => void): unknown };
  setDtlsTransport(dtls: object): void;
  start(remotePort: number): Promise<void>;
  stop(): Promise<void>;
}

// eslint-disable-next-line @typescript-eslint/no-require-imports
const werift = require('werift') as {
  RTCSctpTransport: new (port: number) => WeriftTransport;
  RTCDataChannelParameters: new (parameters: object) => object;
  RTCDataChannel: new (transport: WeriftTransport, parameters: object) => WeriftChannel;
};

type Receive = (packet: Buffer) => void;

export interface WeriftEnd {
  transport: WeriftTransport;
  handleIncoming: Receive;
  setSendCallback(send: (packet: Buffer) => unknown): void;
  start(): Promise<void>;
}

/** @param role its "server" begins with stream 0, and waits for our INIT */
export function makeWerift(role: 'controlling' | 'controlled'): WeriftEnd {
  const transport = new werift.RTCSctpTransport(5000);
  let send: (packet: Buffer) => unknown = () => undefined;
  const dtls = {
    id: 'ours',
    iceTransport: { role },
    onStateChange: { subscribe: () => ({ unSubscribe: () => undefined }) },
    dataReceiver: (() => undefined) as Receive,
    sendData: (packet: Buffer) => Promise.resolve(send(packet)).then(() => undefined),
  };
  transport.setDtlsTransport(dtls);
  return {
    transport,
    handleIncoming(packet) {
      dtls.dataReceiver(Buffer.from(packet));
    },
    setSendCallback(callback) {
      send = callback;
    },
    start: () => transport.start(5000),
  };
}

export function makeWeriftChannel(
  { transport }: WeriftEnd,
  label: string,
  ordered = true,
): WeriftChannel {
  const parameters = new werift.RTCDataChannelParameters({ label, ordered, protocol: '' });
  return new werift.RTCDataChannel(transport, parameters);
}
