/**
 * Loaded into a program before all else (`node --require`): from here on its `net` is kernel-sctp,
 * and so http, https, tls and http2 run over SCTP. NODE_TESTS_TRANSPORT=messages leaves messages
 * what they are; `bytes` makes every socket a byte stream.
 */
'use strict';

const Module = require('node:module');
const net = require('node:net');
const { join } = require('node:path');

const sctp = require(process.env.NODE_TESTS_PACKAGE || join(module.path, '..', '..'));

const ofSockets = {
  ...(process.env.NODE_TESTS_TRANSPORT !== 'messages' && { byteStream: true }),
  ...(process.env.NODE_TESTS_TRANSPORT === 'user' && { engine: 'user' }),
};

/** A constructor like `net`'s: called with `new`, without it, or for an object that exists. */
function replacing(original, argumentsFor) {
  function Replacement(...args) {
    const given = argumentsFor(args);
    if (new.target === undefined) return original.apply(this, given);
    return Reflect.construct(original, given, new.target === Replacement ? original : new.target);
  }
  Object.setPrototypeOf(Replacement, original);
  Replacement.prototype = original.prototype;
  return Replacement;
}

const isObject = (value) => typeof value === 'object' && value !== null;
/** Arguments of `connect` and of `Socket`. */
const withOurs = ([first, ...rest]) =>
  isObject(first) && !Array.isArray(first)
    ? [{ ...first, ...ofSockets }, ...rest]
    : [first, ...rest];

const Socket = replacing(sctp.Socket, ([options]) =>
  options === undefined || isObject(options) ? [{ ...options, ...ofSockets }] : [options],
);
const Server = replacing(sctp.Server, ([first, second]) => {
  if (typeof first === 'function') return [ofSockets, first];
  if (first === undefined || first === null) return [ofSockets, second];
  return isObject(first) ? [{ ...first, ...ofSockets }, second] : [first, second];
});

function connect(...args) {
  const [first, ...rest] = args;
  if (isObject(first)) return sctp.connect(...withOurs(args));
  const listener = rest.find((one) => typeof one === 'function');
  const host = typeof rest[0] === 'string' ? { host: rest[0] } : {};
  // An argument that is neither: kernel-sctp's own words about it.
  if (typeof first !== 'number' && !/^\d+$/.test(first)) return sctp.connect(...args);
  return sctp.connect({ port: first, ...host, ...ofSockets }, listener);
}
const createServer = (...args) => new Server(...args);

// The modules of Node itself see this object: they are loaded later, and make their servers and
// connections from it. Its Socket stays, since TLSSocket is one above a handle of TCP.
Object.assign(net, { Server, createServer, connect, createConnection: connect });

const forPrograms = Object.assign(Object.create(Object.getPrototypeOf(net)), net, {
  Socket,
  Stream: Socket,
});
const load = Module._load;
Module._load = function (request, ...rest) {
  if (request === 'net' || request === 'node:net') return forPrograms;
  const loaded = Reflect.apply(load, this, [request, ...rest]);
  return loaded;
};

// Without a socket that it is given, tls.connect would open one of TCP.
const tls = require('node:tls');
const connectTls = tls.connect;
tls.connect = function (...args) {
  const [options, listener] = connectOptions(args);
  if (options.socket || options.path) return connectTls.call(this, options, listener);
  const { onread, ...others } = options; // what TLS delivers, it delivers itself
  // First, as tls.connect does it: options that it refuses must not open a connection.
  const secureContext = options.secureContext ?? tls.createSecureContext(options);
  const socket = sctp.connect({ ...others, ...ofSockets, byteStream: true });
  const secured = connectTls.call(this, { ...others, onread, socket, secureContext }, listener);
  if (options.timeout) secured.setTimeout(options.timeout);
  return secured;
};

/** As tls.connect reads its arguments: [port,] [host,] [options,] [listener] */
function connectOptions(args) {
  const listener = args.find((one) => typeof one === 'function');
  const objects = args.filter((one) => isObject(one));
  const [port, host] = args;
  if (isObject(port)) return [{ ...port }, listener];
  const place = { port, ...(typeof host === 'string' && { host }) };
  return [Object.assign(place, ...objects), listener];
}
