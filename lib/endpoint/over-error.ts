/** What a call gets on an association that is over. */
import type { AssociationEnd } from '../../types/endpoint';
import { associationOver, peeledOff } from '../errors';

export function overError({ reason, error }: AssociationEnd): Error {
  switch (reason) {
    case 'peeledOff':
      return peeledOff();
    case 'shutdown':
      return associationOver('was shut down', error);
    case 'aborted':
      return associationOver('was aborted by the peer', error);
    case 'lost':
      return associationOver('was lost: the peer no longer answers', error);
    case 'local':
      return associationOver('was aborted by this end', error);
  }
}
