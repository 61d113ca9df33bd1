/** Addresses and settings of the test kernel itself, until the end of the test. */
import { execFileSync } from 'node:child_process';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';

import { defer } from './cleanup';

function ip(...args: string[]): void {
  execFileSync('ip', args, { stdio: 'pipe' });
}

/** `addAddress('10.9.0.1/24')` */
export function addAddress(address: string, device = 'lo'): void {
  const isIPv6 = address.includes(':');
  ip('addr', 'add', address, 'dev', device, ...(isIPv6 ? ['nodad'] : []));
  defer(() => {
    ip('addr', 'del', address, 'dev', device);
  });
}

/** What is sent on lo takes a while. */
export function delayLoopback(ms: number): void {
  const shape = (...words: string[]): void => {
    execFileSync('tc', ['qdisc', ...words], { stdio: 'pipe' });
  };
  shape('add', 'dev', 'lo', 'root', 'netem', 'delay', `${String(ms)}ms`);
  defer(() => {
    shape('del', 'dev', 'lo', 'root');
  });
}

let links = 0;

/** A network device on a cable whose other end, in this kernel too, never answers. */
export function addDevice(...addresses: string[]): string {
  const name = `own${String(links++)}`;
  ip('link', 'add', name, 'type', 'veth', 'peer', 'name', `${name}x`);
  defer(() => {
    try {
      ip('link', 'del', name);
    } catch (error) {
      // With the other end in a namespace, the kernel takes it away at some time of its own.
      if (existsSync(`/sys/class/net/${name}`)) throw error;
    }
  });
  for (const end of [name, `${name}x`]) {
    // Else an automatic link-local address is unusable for a second.
    setSysctl(`net/ipv6/conf/${end}/accept_dad`, 0);
    ip('link', 'set', end, 'up');
  }
  for (const address of addresses) {
    ip('addr', 'add', address, 'dev', name, ...(address.includes(':') ? ['nodad'] : []));
  }
  return name;
}

/** `setSysctl('net/sctp/rto_initial', 500)`; restored after the test if that can be. */
export function setSysctl(path: string, value: number | string): void {
  const file = `/proc/sys/${path}`;
  const before = readFileSync(file, 'ascii');
  writeFileSync(file, String(value));
  defer(() => {
    try {
      writeFileSync(file, before);
    } catch {
      // the device has gone
    }
  });
}
