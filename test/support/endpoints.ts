/** Endpoints for tests, and pairs of them with one association. */
import { once } from 'node:events';
import { readFileSync } from 'node:fs';

import {
  type AssociationEnd,
  createEndpoint,
  type Endpoint,
  type EndpointAssociation,
  type EndpointOptions,
} from 'kernel-sctp';

import { defer } from './cleanup';

export const HOST = '127.0.0.1';

/** Destroyed after the test. */
export function endpointFor(options: EndpointOptions = {}): Endpoint {
  const endpoint = createEndpoint(options);
  defer(() => endpoint.destroy());
  return endpoint;
}

/** An endpoint that listens on a free port of 127.0.0.1. */
export function listeningEndpoint(options: EndpointOptions = {}): Endpoint {
  return endpointFor(options).listen({ host: HOST });
}

export function portOf(endpoint: Endpoint): number {
  return endpoint.address()?.port ?? 0;
}

export interface EndpointPair {
  server: Endpoint;
  client: Endpoint;
  /** The client's end of the association, which has begun it. */
  near: EndpointAssociation;
  /** The server's end. */
  far: EndpointAssociation;
}

export async function associatedEndpoints({
  server: serverOptions,
  client: clientOptions,
}: {
  server?: EndpointOptions;
  client?: EndpointOptions;
} = {}): Promise<EndpointPair> {
  const server = listeningEndpoint(serverOptions);
  const client = endpointFor(clientOptions);
  const { near, far } = await associate(client, server);
  return { server, client, near, far };
}

/** One more association between two endpoints; not while another begins. */
export async function associate(
  client: Endpoint,
  server: Endpoint,
): Promise<{ near: EndpointAssociation; far: EndpointAssociation }> {
  const accepted = once(server, 'association') as Promise<[EndpointAssociation, boolean]>;
  const near = await client.connect({ host: HOST, port: portOf(server) });
  const [far] = await accepted;
  return { near, far };
}

/** The texts of the messages that come. */
export function textsOf(emitter: Endpoint | EndpointAssociation): string[] {
  const texts: string[] = [];
  (emitter as EndpointAssociation).on('message', (data) => texts.push(String(data)));
  return texts;
}

/** The texts of the next messages, once there are so many. */
export async function nextTexts(
  association: EndpointAssociation,
  count: number,
): Promise<string[]> {
  const texts: string[] = [];
  await new Promise<void>((resolve) => {
    const listener = (data: Buffer): void => {
      texts.push(String(data));
      if (texts.length < count) return;
      association.off('message', listener);
      resolve();
    };
    association.on('message', listener);
  });
  return texts;
}

/** How an association ends. */
export async function endOf(association: EndpointAssociation): Promise<AssociationEnd> {
  const [end] = (await once(association, 'close')) as [AssociationEnd];
  return end;
}

/** How many associations of this machine were moved to a descriptor of their own. */
export function peeledOff(): number {
  const rows = readFileSync('/proc/net/sctp/assocs', 'latin1').trim().split('\n').slice(1);
  const PEELED_OFF = '1';
  return rows.filter((row) => row.trim().split(/\s+/)[2] === PEELED_OFF).length;
}
