// An M3UA signalling gateway process (SGP, RFC 4666): one port, one association for each application
// server process (ASP). ASPs register the point code that they serve and become active; DATA goes to
// an ASP of its destination, as the traffic mode of that one says. asp.js is an ASP.
//
//   node examples/sgp.js [PORT [HOST]]
//
// What a real gateway has besides: an SS7 network behind it, who may register what, congestion.
'use strict';
const { createEndpoint, PPID, presets } = require('kernel-sctp');
const m3ua = require('./protocols/m3ua');
const { ApplicationServer } = require('./protocols/m3ua-server');

const { ErrorCode, M3uaError, Tag, Type } = m3ua;
const [port = '2905', host = '127.0.0.1'] = process.argv.slice(2);
const MOST_SERVERS = 1024;

const gateway = createEndpoint({ maxAssociations: 256, ppid: PPID.M3UA, sctp: presets.sigtran });
/** By point code. */
const servers = new Map();
const up = new Set();
const nameOf = ({ remoteAddress, remotePort }) => `ASP ${remoteAddress}:${remotePort}`;

/** False if the ASP is ending, or takes nothing. What is queued for one is bounded. */
function sendTo(asp, bytes, sid) {
  if (!asp.writable) return false;
  try {
    asp.send(bytes, { sid });
    return true;
  } catch (error) {
    if (error.code !== 'ERR_SCTP_SEND_BUFFER_FULL') throw error;
    return false;
  }
}

/** Management uses stream 0 (§1.4.7). */
const manage = (asp, type, parameters) => sendTo(asp, m3ua.encode(type, parameters), 0);

function report(asp, state) {
  console.log(`${nameOf(asp)} is ${state}`);
}

const notify = (asp, status) => manage(asp, Type.NOTIFY, [[Tag.STATUS, status]]);

const deliver = (asp, { bytes, sls }) => sendTo(asp, bytes, m3ua.streamFor(sls, asp.OS));

function serverFor(pointCode) {
  const existing = servers.get(pointCode);
  if (existing || servers.size >= MOST_SERVERS) return existing;
  const server = new ApplicationServer({ context: servers.size + 1, pointCode, notify, deliver });
  servers.set(pointCode, server);
  return server;
}

/** Those that a message is about: of its routing context, or all that the ASP serves. */
function serversOf(asp, parameters) {
  const context = m3ua.findNumber(parameters, Tag.ROUTING_CONTEXT);
  const its = [...servers.values()].filter((server) => server.has(asp));
  if (context === undefined) return its;
  const named = its.filter((server) => server.context === context);
  if (named.length > 0) return named;
  throw new M3uaError(ErrorCode.INVALID_ROUTING_CONTEXT, `routing context ${context}`);
}

function register(asp, parameters) {
  const key = m3ua.parametersOf(m3ua.need(parameters, Tag.ROUTING_KEY, 4));
  const localKey = m3ua.needNumber(key, Tag.LOCAL_KEY);
  const server = serverFor(m3ua.needNumber(key, Tag.POINT_CODE) & 0xffffff);
  server?.add(asp);
  const result = [
    m3ua.parameter(Tag.LOCAL_KEY, localKey),
    m3ua.parameter(Tag.REGISTRATION_STATUS, server ? 0 : 9), // 9: insufficient resources (§3.6.2)
    m3ua.parameter(Tag.ROUTING_CONTEXT, server?.context ?? 0),
  ];
  manage(asp, Type.REG_RSP, [[Tag.REGISTRATION_RESULT, Buffer.concat(result)]]);
}

function activate(asp, parameters) {
  const mode = m3ua.findNumber(parameters, Tag.TRAFFIC_MODE);
  const its = serversOf(asp, parameters);
  if (its.length === 0) throw new M3uaError(ErrorCode.NO_AS_FOR_ASP, 'nothing is registered');
  const isKnown = mode === undefined || Object.values(m3ua.Mode).includes(mode);
  if (!isKnown || its.some((server) => !server.activate(asp, mode))) {
    throw new M3uaError(ErrorCode.UNSUPPORTED_MODE, `traffic mode ${mode}`);
  }
  manage(asp, Type.ASP_ACTIVE_ACK, [
    [Tag.TRAFFIC_MODE, mode],
    [Tag.ROUTING_CONTEXT, parameters.get(Tag.ROUTING_CONTEXT)],
  ]);
  report(asp, 'active');
  its.forEach((server) => server.settle());
}

function deactivate(asp, parameters) {
  const its = serversOf(asp, parameters);
  its.forEach((server) => server.deactivate(asp));
  const context = parameters.get(Tag.ROUTING_CONTEXT);
  manage(asp, Type.ASP_INACTIVE_ACK, [[Tag.ROUTING_CONTEXT, context]]);
  report(asp, 'inactive');
  its.forEach((server) => server.settle());
}

/** It serves nothing any longer: what was kept for it, or is lost, goes to the others. */
function forget(asp) {
  up.delete(asp);
  for (const server of servers.values()) {
    server.remove(asp);
    server.settle();
  }
}

function transfer(asp, bytes, parameters, sid) {
  // §1.4.7: stream 0 is not for DATA, unless there is no other.
  if (sid === 0 && asp.MIS > 1) throw new M3uaError(ErrorCode.INVALID_STREAM, 'DATA on stream 0');
  const { dpc, sls } = m3ua.decodeData(parameters);
  if (!servers.get(dpc)?.transfer({ bytes, sls })) unavailable(asp, dpc);
}

const unavailable = (asp, pointCode) =>
  manage(asp, Type.DUNA, [[Tag.AFFECTED_POINT_CODE, pointCode]]);

function audit(asp, parameters) {
  const pointCode = m3ua.needNumber(parameters, Tag.AFFECTED_POINT_CODE) & 0xffffff;
  if (servers.get(pointCode)?.state !== 'active') unavailable(asp, pointCode);
  else manage(asp, Type.DAVA, [[Tag.AFFECTED_POINT_CODE, pointCode]]);
}

function handle(asp, bytes, sid) {
  const { type, parameters } = m3ua.decode(bytes);
  if (!up.has(asp) && ![Type.ASP_UP, Type.ASP_DOWN, Type.ERROR, Type.BEAT].includes(type)) {
    throw new M3uaError(
      ErrorCode.UNEXPECTED_MESSAGE,
      `${m3ua.nameOf(type)} of an ASP that is down`,
    );
  }
  switch (type) {
    case Type.ASP_UP:
      forget(asp); // it may have begun anew
      up.add(asp);
      manage(asp, Type.ASP_UP_ACK);
      report(asp, 'inactive');
      break;
    case Type.ASP_DOWN:
      forget(asp);
      manage(asp, Type.ASP_DOWN_ACK);
      report(asp, 'down');
      break;
    case Type.BEAT:
      manage(asp, Type.BEAT_ACK, [[Tag.HEARTBEAT, parameters.get(Tag.HEARTBEAT)]]);
      break;
    case Type.REG_REQ:
      register(asp, parameters);
      break;
    case Type.ASP_ACTIVE:
      activate(asp, parameters);
      break;
    case Type.ASP_INACTIVE:
      deactivate(asp, parameters);
      break;
    case Type.DATA:
      transfer(asp, bytes, parameters, sid);
      break;
    case Type.DAUD:
      audit(asp, parameters);
      break;
    case Type.ERROR:
      console.log(`${nameOf(asp)} reports error ${m3ua.needNumber(parameters, Tag.ERROR_CODE)}`);
      break;
    case Type.BEAT_ACK:
    case Type.SCON:
      break;
    default:
      throw new M3uaError(ErrorCode.UNEXPECTED_MESSAGE, m3ua.nameOf(type));
  }
}

gateway.on('association', (asp) => {
  asp.on('restart', () => forget(asp)); // §4.3.3: it knows nothing of what it was
  asp.on('close', ({ reason }) => {
    console.log(`${nameOf(asp)} is gone (${reason})`);
    forget(asp);
  });
  // It may have arrived, if its acknowledgement was lost: then two ASPs get it.
  asp.on('sendFailed', ({ data }) => {
    const { type, parameters } = m3ua.decode(data);
    if (type !== Type.DATA) return;
    const { dpc, sls } = m3ua.decodeData(parameters);
    servers.get(dpc)?.deactivate(asp);
    servers.get(dpc)?.settle();
    servers.get(dpc)?.transfer({ bytes: data, sls });
  });
});

gateway.on('message', (bytes, { sid }, asp) => {
  if (!m3ua.hasHeader(bytes)) {
    asp.abort('not M3UA');
    return;
  }
  try {
    handle(asp, bytes, sid);
  } catch (error) {
    if (!(error instanceof M3uaError)) throw error;
    console.log(`${nameOf(asp)} sends what is malformed: ${error.message}`);
    // An Error is not answered by one (§3.8.1), even where it is malformed.
    if (bytes.readUInt16BE(2) !== Type.ERROR) sendTo(asp, m3ua.errorFor(error, bytes), 0);
  }
});

gateway.on('error', (error) => {
  console.error(error.message);
  process.exitCode = 1;
});

gateway.listen({ host, port: Number(port) }, () => {
  console.log(`listening on ${host}:${gateway.address().port}`);
});

process.once('SIGTERM', () => gateway.close());
process.once('SIGINT', () => gateway.close());
