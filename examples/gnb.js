// A base station (gNB) and the AMF that it belongs to, by the transport rules of NGAP (3GPP TS 38.412
// §7): one association, PPID 60; what is common to all UEs on stream 0, and each UE on a stream of
// its own choice, but never 0, as long as it is there. So a lost packet of one UE does not keep
// others waiting, and each UE's messages stay in order.
//
//   node examples/gnb.js                     both ends, in one process
//   node examples/gnb.js amf [PORT]          until it is interrupted; PORT is 38412
//   node examples/gnb.js gnb [PORT [HOST]]
//
// Either end reports what breaks the rules or cannot be read by an Error Indication, and goes on.
'use strict';
const { connect, createServer, PPID, presets } = require('kernel-sctp');
const { BackOff } = require('./protocols/back-off');
const { Choice, Procedure, decode, encode, nameOf } = require('./protocols/ngap');

const [role = 'both', port = role === 'both' ? '0' : '38412', host = '127.0.0.1'] =
  process.argv.slice(2);
const COMMON = 0;
const options = { ppid: PPID.NGAP, OS: 16, sctp: presets.ran };
const UES = 4;

/** Hands over what is right: (message, sid). */
function listen(name, socket, onMessage) {
  const report = (text) => {
    console.log(`${name}: ${text}`);
    if (!socket.writable) return;
    socket.send(encode({ procedure: Procedure.ERROR_INDICATION, text }), { sid: COMMON });
  };
  socket.on('drain', () => socket.resume());
  socket.on('message', (bytes, { sid, ppid }) => {
    // What the peer does not read stays bounded: so long, nothing more is taken from it.
    if (socket.writableNeedDrain) socket.pause();
    const message = decode(bytes);
    if (!message) report('a message that cannot be read');
    else if (ppid !== PPID.NGAP) report(`PPID ${ppid}`);
    else if (message.procedure === Procedure.ERROR_INDICATION) {
      console.log(`${name}: the peer reports ${message.text}`);
    } else if ((message.procedure === Procedure.NG_SETUP) !== (sid === COMMON)) {
      report(`${nameOf(message.procedure)} on stream ${sid}`);
    } else {
      const problem = onMessage(message, sid);
      if (problem) report(problem);
    }
  });
  socket.on('error', (error) => console.log(`${name}: ${error.message}`));
}

function serve(whenListening) {
  const server = createServer(options, (socket) => {
    let isSetUp = false;
    let next = 1;
    /** By our number of the UE: the gNB's number, and its stream. */
    const ues = new Map();
    listen('AMF', socket, ({ procedure, ran, amf, text }, sid) => {
      if (procedure === Procedure.NG_SETUP) {
        isSetUp = true;
        ues.clear();
        socket.send(encode({ choice: Choice.SUCCESSFUL, procedure }), { sid: COMMON });
        return undefined;
      }
      if (!isSetUp) return `${nameOf(procedure)} before NG Setup`;
      if (procedure === Procedure.INITIAL_UE_MESSAGE) {
        if (ues.size >= 1000) return 'too many UEs';
        ues.set(next, { ran, sid });
        const answer = { procedure: Procedure.DOWNLINK_NAS_TRANSPORT, ran, amf: next++ };
        socket.send(encode({ ...answer, text: `welcome, ${text}` }), { sid });
        return undefined;
      }
      const ue = ues.get(amf);
      if (ue?.ran !== ran) return `no UE ${ran}/${amf}`;
      // The rule: it keeps its stream, since only there is it in order.
      if (ue.sid !== sid) return `UE ${ran} on stream ${sid}, not ${ue.sid}`;
      if (procedure === Procedure.UPLINK_NAS_TRANSPORT) {
        ues.delete(amf);
        const release = { procedure: Procedure.UE_CONTEXT_RELEASE, ran, amf };
        socket.send(encode({ ...release, text }), { sid });
      }
      return undefined;
    });
  });
  server.on('error', (error) => {
    console.error(error.message);
    process.exitCode = 1;
  });
  server.listen(Number(port), () => whenListening(server));
}

/** Sets up, serves a few UEs, and ends when all are released; lost before, it begins again. */
function attach(amfPort, whenDone, backOff = new BackOff()) {
  let released = 0;
  const socket = connect({ ...options, port: amfPort, host });
  const streams = new Map();
  // All streams but the common one, in turn.
  const streamFor = (ran) => (socket.OS > 1 ? 1 + ((ran - 1) % (socket.OS - 1)) : COMMON);
  socket.on('connect', () => {
    socket.send(encode({ procedure: Procedure.NG_SETUP, text: 'gNB 1' }), { sid: COMMON });
  });
  // Another AMF behind the same address: it knows neither us nor our UEs.
  socket.on('restart', () => socket.destroy(new Error('the AMF has begun anew')));
  listen('gNB', socket, ({ choice, procedure, ran, amf, text }, sid) => {
    if (procedure === Procedure.NG_SETUP) {
      if (choice !== Choice.SUCCESSFUL) return 'NG Setup was refused';
      backOff.reset();
      for (let ue = 1; ue <= UES; ue++) {
        streams.set(ue, streamFor(ue));
        const first = { procedure: Procedure.INITIAL_UE_MESSAGE, ran: ue, text: `UE ${ue}` };
        socket.send(encode(first), { sid: streams.get(ue) });
      }
      return undefined;
    }
    if (streams.get(ran) !== sid) return `UE ${ran} on stream ${sid}`;
    if (procedure === Procedure.DOWNLINK_NAS_TRANSPORT) {
      const uplink = { procedure: Procedure.UPLINK_NAS_TRANSPORT, ran, amf, text: `bye, ${text}` };
      socket.send(encode(uplink), { sid });
    } else if (procedure === Procedure.UE_CONTEXT_RELEASE) {
      console.log(`gNB: UE ${ran} on stream ${sid}: ${text}`);
      streams.delete(ran);
      if (++released === UES) socket.end();
    }
    return undefined;
  });
  socket.on('close', () => {
    if (released === UES) {
      whenDone?.();
      return;
    }
    const delay = backOff.next();
    console.log(`gNB: connecting again in ${delay} ms`);
    setTimeout(() => attach(amfPort, whenDone, backOff), delay);
  });
}

if (role === 'gnb') attach(Number(port));
else if (role === 'amf') serve((server) => console.log('listening on', server.address().port));
else serve((server) => attach(server.address().port, () => server.close()));
