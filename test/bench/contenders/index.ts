import { c, cOneToOne } from './c';
import { cBursts, cBurstsOneToOne } from './c-bursts';
import { type Contender, mixedContender, type NodeContender } from './contender';
import { netContender } from './net';
import { openContender } from './open';
import { socketContender } from './socket';

export const nodeContenders: readonly NodeContender[] = [
  openContender,
  socketContender,
  netContender,
];

export const contenders: readonly Contender[] = [
  openContender,
  socketContender,
  netContender,
  c,
  cBursts,
  cOneToOne,
  cBurstsOneToOne,
  mixedContender(openContender, cBursts),
  mixedContender(cBursts, openContender),
  mixedContender(socketContender, cBurstsOneToOne),
  mixedContender(cBurstsOneToOne, socketContender),
];
