/** Names that `status()` had in the package node-lksctp. */
import type { OptionValues } from '../../../types/options';

type Status = OptionValues['status'];

/** They can be read, but do not show where the status is printed. */
export interface OlderStatus {
  /** `unackData` */
  readonly unackdata: number;
  /** `pendData` */
  readonly penddata: number;
  /** `inStreams` */
  readonly numberOfIncomingStreams: number;
  /** `outStreams` */
  readonly numberOfOutgoingStreams: number;
}

export function withOlderNames(status: Status): Status & OlderStatus {
  const older: OlderStatus = {
    unackdata: status.unackData,
    penddata: status.pendData,
    numberOfIncomingStreams: status.inStreams,
    numberOfOutgoingStreams: status.outStreams,
  };
  for (const [name, value] of Object.entries(older)) {
    Object.defineProperty(status, name, { value: value as number });
  }
  return status as Status & OlderStatus;
}
