/** Things to undo after each test, last first. */
const pending: (() => unknown)[] = [];

/** Remembers `thing` and hands it back: `const a = closing(open(…))`. */
export function closing<T extends { close(): unknown }>(thing: T): T {
  defer(() => thing.close());
  return thing;
}

export function defer(undo: () => unknown): void {
  pending.push(undo);
}

export async function closeAll(): Promise<void> {
  for (let undo = pending.pop(); undo; undo = pending.pop()) await undo();
}
