/** What becomes over SCTP of one of Node's own tests of `net`, test/parallel/test-net-NAME.js. */
export type Fate =
  /** A test here, as `file: words of its title` with the file as seen from test/socket/net, shows the same. */
  | { held: string }
  /** Why it cannot hold: a name in `reasons`. */
  | { cannot: keyof typeof reasons };

export type Fates = Record<string, Fate>;

/** Each stands in docs/net.md, along with the tests that it concerns. */
export const reasons = {
  paths: 'SCTP has ports, no paths',
  descriptors: 'descriptors and handles of libuv cannot be handed over',
  cluster: 'sockets and servers are not shared with other processes; `reusePort` shares a port',
  families: 'one association has the addresses of both families, so no family is selected',
  blocklist: 'who connects names the addresses of the peer',
  internals: "it looks at Node's internals, which are not the documented interface",
} as const;

export function held(test: string): Fate {
  return { held: test };
}

export function cannot(reason: keyof typeof reasons): Fate {
  return { cannot: reason };
}
