/**
 * The public members of an association's owner: written once, for Sockets and for the associations
 * of endpoints. Each forwards to the part that does it.
 */
import type { AssociationMembers } from '../../types/association';
import type { AddressInput } from '../../types/address';
import { invalidArgValue } from '../errors';
import type { Association } from './association';
import { checkAddedStreams, checkStreamLists } from './reconfiguration/requests';

/** An owner, as its members see it. */
export interface MemberHost {
  readonly association: Association | undefined;
  /** @throws ERR_SOCKET_CLOSED if there is none, or it is over */
  readonly openAssociation: Association;
  /** @throws ERR_SCTP_OPTION if an option cannot be set at this time */
  checkSettable(option: string): void;
  /** Waits until the kernel has accepted what was written so far. @throws if it cannot */
  accepted(): Promise<void>;
  /** As `accepted`, for requests that must come before the end. @throws after `end` */
  acceptedBeforeEnd(): Promise<void>;
}

/** Adds the members to a class's prototype. */
export function addAssociationMembers<Owner extends object>(
  prototype: Owner,
  hostOf: (owner: Owner) => MemberHost,
): void {
  const associationOf = (owner: Owner): Association | undefined => hostOf(owner).association;
  const upOf = (owner: Owner): Association | undefined => {
    const association = associationOf(owner);
    return association?.isUp ? association : undefined;
  };

  const members: AssociationMembers & ThisType<Owner> = {
    get OS() {
      return upOf(this)?.limits.streams?.outStreams;
    },
    get MIS() {
      return upOf(this)?.limits.streams?.inStreams;
    },
    get localAddress() {
      return associationOf(this)?.addresses.local?.address;
    },
    get localFamily() {
      return associationOf(this)?.addresses.local?.family;
    },
    get localPort() {
      return associationOf(this)?.addresses.local?.port;
    },
    get localAddresses() {
      return textsOf(associationOf(this)?.addresses.locals);
    },
    get remoteAddress() {
      return associationOf(this)?.addresses.remote?.address;
    },
    get remoteFamily() {
      return associationOf(this)?.addresses.remote?.family;
    },
    get remotePort() {
      return associationOf(this)?.addresses.remote?.port;
    },
    get remoteAddresses() {
      return textsOf(associationOf(this)?.addresses.remotes);
    },
    address() {
      const local = associationOf(this)?.addresses.local;
      return local ? { ...local } : {};
    },
    getLocalAddresses() {
      const locals = associationOf(this)?.addresses.locals ?? [];
      return locals.map((address) => ({ ...address }));
    },

    getOption(name, ...args) {
      return hostOf(this).openAssociation.options.get(name, ...args);
    },
    setOption(name, value, ...others: unknown[]) {
      if (others.length > 0 && others[0] !== undefined) {
        const reason =
          'is not an argument of setOption(): a path is named in the value, by address';
        throw invalidArgValue('args', others[0], reason);
      }
      hostOf(this).checkSettable(name);
      hostOf(this).openAssociation.options.set(name, value);
    },
    status() {
      return hostOf(this).openAssociation.options.status();
    },
    async dry() {
      const restarts = associationOf(this)?.dryness.restarts ?? 0;
      await hostOf(this).accepted();
      await associationOf(this)?.dry(restarts);
    },

    get paths() {
      return associationOf(this)?.paths.all ?? [];
    },
    get peerInfoByAddress() {
      return associationOf(this)?.paths.peerInfo ?? {};
    },
    addLocalAddress(address: AddressInput) {
      hostOf(this).openAssociation.paths.addLocalAddress(address);
    },
    removeLocalAddress(address: AddressInput) {
      hostOf(this).openAssociation.paths.removeLocalAddress(address);
    },
    setPrimary(address: AddressInput) {
      hostOf(this).openAssociation.paths.setPrimary(address);
    },
    setPeerPrimary(address: AddressInput) {
      hostOf(this).openAssociation.paths.setPeerPrimary(address);
    },
    requestHeartbeat(address: AddressInput) {
      hostOf(this).openAssociation.paths.requestHeartbeat(address);
    },

    async resetStreams(streams) {
      const wanted = checkStreamLists(streams);
      await hostOf(this).acceptedBeforeEnd();
      await hostOf(this).openAssociation.reconfiguration.resetStreams(wanted);
    },
    async addStreams(streams) {
      const wanted = checkAddedStreams(streams);
      await hostOf(this).acceptedBeforeEnd();
      await hostOf(this).openAssociation.reconfiguration.addStreams(wanted);
    },
    async resetAssociation() {
      await hostOf(this).acceptedBeforeEnd();
      await hostOf(this).openAssociation.reconfiguration.resetAssociation();
    },
  };

  for (const [name, member] of Object.entries(Object.getOwnPropertyDescriptors(members))) {
    Object.defineProperty(prototype, name, { ...member, enumerable: false });
  }
}

function textsOf(addresses: readonly { address: string }[] = []): string[] {
  return addresses.map(({ address }) => address);
}
