/**
 * Later, but before anything else of the event loop: in the ticks in which `net` emits its events.
 */
type Later = (task: () => void) => void;

export const inOneTick: Later = (task) => {
  process.nextTick(task);
};

export const inTwoTicks: Later = (task) => {
  process.nextTick(inOneTick, task);
};
