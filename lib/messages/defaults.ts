/** How a message is sent, where its own `info` leaves something out. */
import type { NativeSendInfo } from '../../types/native';
import type { OptionValues } from '../../types/options';
import { constants } from '../constants';
import { SaidByDefault } from '../burst';
import { getOption, type OptionHolder } from '../options/options';
import { prPolicies } from '../options/policies';
import type { CheckedInfo } from './info';

/**
 * The socket's options defaultSndInfo and defaultPrInfo, merged with what each message says. They
 * go with every message: otherwise the kernel would give a message that starts an association a
 * lifetime that has expired (see may_start_association in native/core/control.h).
 */
export class MessageDefaults {
  readonly #socket: OptionHolder;
  #current;
  /** The last info that was merged: it is often that of the next message, too. */
  #lastInfo: CheckedInfo | undefined;
  #lastNative: NativeSendInfo | undefined;

  constructor(socket: OptionHolder) {
    this.#socket = socket;
    this.#current = this.#load();
  }

  /** The options may have changed. */
  reload(): void {
    this.#current = this.#load();
    this.#lastInfo = undefined;
  }

  toNative(info: CheckedInfo | undefined): NativeSendInfo {
    const { send, pr, plain } = this.#current;
    if (info === undefined) return plain;
    if (info === this.#lastInfo && this.#lastNative) return this.#lastNative;
    this.#lastInfo = info;
    return (this.#lastNative = merge(info, send, pr));
  }

  /** What the kernel does by itself of what `toNative` says, for a message that starts nothing. */
  covers(info: CheckedInfo | undefined): SaidByDefault {
    if (info === undefined) return SaidByDefault.All;
    const isPlain = info.pr === undefined && this.#current.hasNoLifetime;
    return isPlain ? SaidByDefault.Lifetime : SaidByDefault.Nothing;
  }

  #load() {
    const send = getOption(this.#socket, 'defaultSndInfo');
    const pr = getOption(this.#socket, 'defaultPrInfo');
    const hasNoLifetime = pr.policy === 'none' && pr.value === 0;
    return { send, pr, hasNoLifetime, plain: merge({}, send, pr) };
  }
}

function merge(
  info: CheckedInfo,
  send: OptionValues['defaultSndInfo'],
  defaultPr: OptionValues['defaultPrInfo'],
): NativeSendInfo {
  const pr = info.pr ?? defaultPr;
  return [
    info.sid ?? send.sid,
    info.ppid ?? send.ppid,
    ((info.unordered ?? send.unordered) ? constants.SCTP_UNORDERED : 0) |
      (info.sackImmediately ? constants.SCTP_SACK_IMMEDIATELY : 0),
    info.context ?? send.context,
    prPolicies[pr.policy],
    pr.value ?? 0,
    info.authKeyNumber,
    0,
  ];
}
