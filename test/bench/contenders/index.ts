import { c, cOneToOne } from './c';
import { cBursts, cBurstsOneToOne } from './c-bursts';
import { cEpoll } from './c-epoll';
import { type Contender, mixedContender, type NodeContender } from './contender';
import { dgramContender } from './dgram';
import { endpointContender } from './endpoint';
import { netContender } from './net';
import { openContender } from './open';
import { byteStreamContender, socketContender, userContender } from './socket';

export const nodeContenders: readonly NodeContender[] = [
  socketContender,
  byteStreamContender,
  openContender,
  endpointContender,
  userContender,
  netContender,
  dgramContender,
];

export const contenders: readonly Contender[] = [
  ...nodeContenders,
  cOneToOne,
  cBurstsOneToOne,
  cEpoll,
  c,
  cBursts,
  mixedContender(openContender, cBursts),
  mixedContender(cBursts, openContender),
  mixedContender(socketContender, cBurstsOneToOne),
  mixedContender(cBurstsOneToOne, socketContender),
];
