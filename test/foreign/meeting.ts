/** An association of ours with a page in Chromium, by way of the example's ICE and DTLS. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';

import type { DataChannelAssociation } from 'kernel-sctp/channels';

import { projectRoot } from '../support/child';
import { defer } from '../support/cleanup';
import type { Chromium, Page } from './chromium';

interface Example {
  answerTo: (
    offer: string,
    onAssociation: (association: DataChannelAssociation) => void,
  ) => Promise<{ answer: string; close: () => Promise<void> }>;
}

// eslint-disable-next-line @typescript-eslint/no-require-imports
const { answerTo } = require(join(projectRoot, 'examples', 'browser.js')) as Example;
const source = readFileSync(join(projectRoot, 'test', 'foreign', 'page.js'), 'utf8');

type Message = string | Buffer;
type Encoded = { text: string } | { base64: string };

const encode = (message: Message): Encoded =>
  typeof message === 'string' ? { text: message } : { base64: message.toString('base64') };
const decode = (encoded: Encoded): Message =>
  'text' in encoded ? encoded.text : Buffer.from(encoded.base64, 'base64');

/** What the page's own API says of a channel. */
export interface Described {
  label: string;
  protocol: string;
  ordered: boolean;
  maxRetransmits: number | null;
  maxPacketLifeTime: number | null;
  negotiated: boolean;
  id: number;
}

/** The functions of page.js. */
export class Remote {
  readonly #page: Page;

  constructor(page: Page) {
    this.#page = page;
  }

  offer = () => this.#call('offer') as Promise<string>;
  accept = (sdp: string) => this.#call('accept', sdp);
  open = (label: string, init: object) => this.#call('open', label, init) as Promise<Described>;
  announced = (label: string) => this.#call('announced', label) as Promise<Described>;
  echo = () => this.#call('echo');
  send = (label: string, messages: Message[]) => this.#call('send', label, messages.map(encode));
  receive = async (label: string, count: number) =>
    ((await this.#call('receive', label, count)) as Encoded[]).map(decode);
  close = (label: string) => this.#call('close', label);
  closed = (label: string) => this.#call('closed', label);
  comeAndGo = (prefix: string, count: number) => this.#call('comeAndGo', prefix, count);
  end = () => this.#call('end');

  #call(name: string, ...args: unknown[]): Promise<unknown> {
    return this.#page.evaluate(`peer.${name}(${args.map((arg) => JSON.stringify(arg)).join()})`);
  }
}

/** Both ends begin at about the same time, as browsers do. */
export async function meet(
  browser: Chromium,
  onAssociation: (association: DataChannelAssociation) => void = () => undefined,
): Promise<{ association: DataChannelAssociation; remote: Remote }> {
  const page = await browser.open();
  defer(() => page.close());
  await page.evaluate(source);
  const remote = new Remote(page);
  const offer = await remote.offer();
  let close: () => Promise<void> = () => Promise.resolve();
  defer(() => close());
  const association = await new Promise<DataChannelAssociation>((resolve, reject) => {
    answerTo(offer, (made) => {
      onAssociation(made);
      resolve(made);
    })
      .then(async (answered) => {
        close = answered.close;
        await remote.accept(answered.answer);
      })
      .catch(reject);
  });
  await association.connect();
  return { association, remote };
}
