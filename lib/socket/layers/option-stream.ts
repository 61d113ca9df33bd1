/** Adds to the stream of an association its options, to be read and changed. */
import type { NativeStreamSocket } from '../../../types/native';
import type {
  OlderStatus,
  OptionArguments,
  OptionInput,
  OptionValues,
  ReadableOptionName,
  SettableOptionName,
} from '../../../types/options';
import { connectingOption, errnoName, socketClosed, systemError } from '../../errors';
import { rowOf } from '../../options/codec';
import { getOption, setOption, type Target } from '../../options/options';
import { wipeSecrets } from '../../options/secret';
import { AssociationStream } from './association-stream';
import * as hooks from '../hooks';
import { withOlderNames } from '../association/older-status';
import type { Transport } from '../association/transport';

export abstract class OptionStream extends AssociationStream {
  /** Reads an option. @throws ERR_SCTP_OPTION if the kernel refuses */
  getOption<Name extends ReadableOptionName>(
    name: Name,
    ...[args]: OptionArguments<Name>
  ): OptionValues[Name] {
    const native = this[hooks.openNative]();
    return getOption(native, name, args, targetOf(native));
  }

  /** Sets an option. @throws ERR_SCTP_OPTION if the kernel refuses */
  setOption<Name extends SettableOptionName>(name: Name, value: OptionInput<Name>): void {
    if (rowOf(name).reach !== 'none' && this.connecting) throw connectingOption(name);
    const native = this[hooks.openNative]();
    setOption(native, name, value, targetOf(native));
    this[hooks.reloadDefaults]();
    this[hooks.limits]?.forget();
  }

  /** The association's state (RFC 6458 §8.2.1). @throws ERR_SOCKET_CLOSED if there is none */
  status(): OptionValues['status'] & OlderStatus {
    return withOlderNames(this.getOption('status'));
  }

  protected override [hooks.lossError](errno: number): NodeJS.ErrnoException {
    const isSigned = this[hooks.config].sctp.authSupported === true;
    const hint =
      isSigned && errnoName(errno) === 'ETIMEDOUT'
        ? 'the peer acknowledged nothing; with SCTP-AUTH on it may have a wrong key'
        : '';
    return systemError('read', errno, {}, hint);
  }

  protected override [hooks.startSending](transport: Transport): void {
    super[hooks.startSending](transport);
    wipeSecrets(this[hooks.config].sctp);
  }

  override _destroy(error: Error | null, callback: (error: Error | null) => void): void {
    wipeSecrets(this[hooks.config].sctp);
    super._destroy(error, callback);
  }

  /** @throws ERR_SOCKET_CLOSED */
  protected [hooks.openNative](): NativeStreamSocket {
    const transport = this[hooks.transport];
    if (!transport || transport.isClosed) throw socketClosed();
    return transport.native;
  }
}

function targetOf(native: NativeStreamSocket): Target {
  return {
    style: 'one-to-one',
    peerPort: native.peerAddress()?.port,
    localPort: native.localAddress()?.port,
  };
}
