/** What an endpoint and its associations offer, called on something else: an error, and no harm. */
import { associatedEndpoints, nextTexts } from '../support/endpoints';
import { describeSctp } from '../support/sctp';

type Call = (...args: unknown[]) => unknown;

/** Everything that an object offers beside what every EventEmitter does, as calls on whatever `this`. */
function offered(object: object): [name: string, call: (self: unknown) => unknown][] {
  const prototype = Object.getPrototypeOf(object) as object;
  const all: [string, (self: unknown) => unknown][] = [];
  for (const [name, descriptor] of Object.entries(Object.getOwnPropertyDescriptors(prototype))) {
    if (name === 'constructor') continue;
    const { value, get, set } = descriptor as { value?: unknown; get?: Call; set?: Call };
    if (get) all.push([`get ${name}`, (self) => get.call(self)]);
    if (set) all.push([`set ${name}`, (self) => set.call(self, 1)]);
    if (typeof value !== 'function') continue;
    all.push([name, (self) => (value as Call).apply(self, ARGUMENTS[name] ?? [])]);
  }
  return all;
}

/** Good ones, so that nothing but `this` can be wrong. */
const PLACE = { host: '127.0.0.1', port: 9 };
const ARGUMENTS: Record<string, unknown[]> = {
  associationWith: [{ address: '127.0.0.1', port: 9 }],
  listen: [PLACE],
  connect: [PLACE],
  send: [Buffer.from('x')],
  sendAll: [Buffer.from('x')],
  getOption: ['noDelay'],
  setOption: ['noDelay', true],
  addLocalAddress: ['127.0.0.1'],
  removeLocalAddress: ['127.0.0.1'],
  setPrimary: ['127.0.0.1'],
  requestPeerPrimary: ['127.0.0.1'],
  requestHeartbeat: ['127.0.0.1'],
  resetStreams: [{}],
  addStreams: [{ outgoing: 1 }],
};

async function outcomeOf(call: () => unknown): Promise<unknown> {
  try {
    return await call();
  } catch (error) {
    return error;
  }
}

describeSctp('a member called on a foreign `this`', () => {
  test.each(['Endpoint', 'EndpointAssociation'] as const)('of %s is a TypeError', async (name) => {
    const { server, near, far } = await associatedEndpoints();
    const [object, other] = name === 'Endpoint' ? [server, near] : [far, server];
    const strangers = [undefined, null, 1, {}, Object.create(object) as object, other];
    const seen: string[] = [];
    for (const [member, call] of offered(object)) {
      for (const stranger of strangers) {
        const outcome = await outcomeOf(() => call(stranger));
        if (!(outcome instanceof TypeError)) seen.push(`${member} of ${typeof stranger}`);
      }
    }
    expect(seen).toEqual([]);
    expect(offered(object).length).toBeGreaterThan(15);
    near.send(Buffer.from('unharmed'));
    expect(await nextTexts(far, 1)).toEqual(['unharmed']);
  });
});
