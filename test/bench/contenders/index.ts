import { c } from './c';
import { cBursts } from './c-bursts';
import { type Contender, mixedContender, type NodeContender } from './contender';
import { openContender } from './open';

export const nodeContenders: readonly NodeContender[] = [openContender];

export const contenders: readonly Contender[] = [
  openContender,
  c,
  cBursts,
  mixedContender(openContender, cBursts),
  mixedContender(cBursts, openContender),
];
