/** Later, but before anything else of the event loop: in the ticks in which `net` tells its news. */
type Later = (news: () => void) => void;

export const inOneTick: Later = (news) => {
  process.nextTick(news);
};

export const inTwoTicks: Later = (news) => {
  process.nextTick(inOneTick, news);
};
