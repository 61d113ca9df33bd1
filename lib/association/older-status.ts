/** Names that `status()` had in the package node-lksctp. */
import type { AssociationStatus } from '../../types/association';
import type { OlderStatus, OptionValues } from '../../types/options';

export function withOlderNames(status: OptionValues['status']): AssociationStatus {
  const older: OlderStatus = {
    unackdata: status.unackData,
    penddata: status.pendData,
    numberOfIncomingStreams: status.inStreams,
    numberOfOutgoingStreams: status.outStreams,
  };
  for (const [name, value] of Object.entries(older)) {
    Object.defineProperty(status, name, { value: value as number });
  }
  return status as AssociationStatus;
}
