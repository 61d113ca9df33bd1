/**
 * Calls each association back once the code that waited for it has had the chance to add listeners:
 * those that came up in one turn of the event loop, together.
 */
interface Settling {
  onSettled(): void;
}

let waiting: Settling[] = [];

export function settleLater(one: Settling): void {
  if (waiting.push(one) === 1) setImmediate(settle, waiting);
}

/** The others get their turn even if one throws. */
function settle(all: Settling[], index = 0): void {
  if (waiting === all) waiting = [];
  try {
    while (index < all.length) (all[index++] as Settling).onSettled();
  } finally {
    if (index < all.length) setImmediate(settle, all, index);
  }
}
