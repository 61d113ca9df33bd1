/** How a message is sent that says nothing itself, or only something. */
import type { SendInfo } from '../../types/messages';
import type { NativeSocket } from '../../types/native';
import { binding } from '../binding';
import { getOption } from '../options/options';
import { prPolicies } from '../options/table';

const { constants } = binding;

/** The native arguments of a send, after data and address. */
export type NativeInfo = readonly [
  sid: number,
  ppid: number,
  flags: number,
  context: number,
  prPolicy: number,
  prValue: number,
];

/**
 * The socket's options defaultSndInfo and defaultPrInfo, merged with what each message says. They
 * go with every message: left to itself the kernel would give a message that starts an association
 * a lifetime that is over at once (see may_start_association in native/core/control.h).
 */
export class MessageDefaults {
  readonly #socket: NativeSocket;
  #send;
  #pr;
  #plain: NativeInfo;

  constructor(socket: NativeSocket) {
    this.#socket = socket;
    this.#send = getOption(socket, 'defaultSndInfo');
    this.#pr = getOption(socket, 'defaultPrInfo');
    this.#plain = this.#merge({});
  }

  /** The options may have changed. */
  reload(): void {
    this.#send = getOption(this.#socket, 'defaultSndInfo');
    this.#pr = getOption(this.#socket, 'defaultPrInfo');
    this.#plain = this.#merge({});
  }

  toNative(info: SendInfo | undefined): NativeInfo {
    return info === undefined ? this.#plain : this.#merge(info);
  }

  #merge(info: SendInfo): NativeInfo {
    const unordered = info.unordered ?? this.#send.unordered;
    const pr = info.pr ?? this.#pr;
    return [
      info.sid ?? this.#send.sid,
      info.ppid ?? this.#send.ppid,
      (unordered ? constants.SCTP_UNORDERED : 0) |
        (info.sackImmediately ? constants.SCTP_SACK_IMMEDIATELY : 0),
      info.context ?? this.#send.context,
      prPolicies[pr.policy],
      pr.value ?? 0,
    ];
  }
}
