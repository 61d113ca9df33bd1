/** Names that `status()` had in the package node-lksctp. */
import type { OlderStatus, Status } from '../../../types/options';

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
