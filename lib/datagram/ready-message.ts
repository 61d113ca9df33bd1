/** A message of a handle, ready for the kernel. */
import type { NativeSendInfo } from '../../types/native';
import type { SaidByDefault } from '../burst';

export interface ReadyMessage {
  readonly data: Buffer;
  readonly info: NativeSendInfo;
  /** What of that the kernel does by itself. */
  readonly byDefault: SaidByDefault;
}
