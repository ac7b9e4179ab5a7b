// Live clients by the real ws and socket.io-client, driven by one JSON command a line; everything they see is one JSON line.
import readline from 'node:readline';
import WebSocket from 'ws';
import { io } from 'socket.io-client';

const clients = new Map();
// A long text is told by its length, so that the telling does not slow the client down.
const short = (key, value) => typeof value === 'string' && value.length > 1000 ? `${value.length} characters` : value;
const say = (client, what) => console.log(JSON.stringify({ client, ...what }, short));

function plain({ open, url, headers }) {
  const socket = new WebSocket(url, { headers, perMessageDeflate: false });
  socket.on('open', () => say(open, { opened: true }));
  socket.on('message', (text) => say(open, JSON.parse(text.toString())));
  socket.on('close', (code, reason) => say(open, { closed: code, reason: reason.toString() }));
  socket.on('unexpected-response', (request, response) => {
    let body = '';
    response.on('data', (part) => { body += part; });
    response.on('end', () => say(open, { refused: response.statusCode, retryAfter: response.headers['retry-after'] ?? null, body }));
  });
  socket.on('error', (error) => say(open, { failure: error.message }));
  return socket;
}

function socketIo({ open, url, options }) {
  const socket = io(url, { forceNew: true, reconnection: false, ...options });
  socket.on('connect', () => {
    say(open, { opened: true, transport: socket.io.engine.transport.name });
    socket.io.engine.on('upgrade', (transport) => say(open, { transport: transport.name }));
  });
  socket.on('connect_error', (error) => say(open, { connectError: error.message, data: error.data ?? null }));
  socket.on('disconnect', (reason) => say(open, { disconnected: reason }));
  socket.onAny((event, data) => say(open, { event, data }));
  return socket;
}

const commands = {
  open: (command) => clients.set(command.open, command.url.startsWith('ws') ? plain(command) : socketIo(command)),
  text: ({ text, content, times = 1 }) => {
    for (let i = 0; i < times; i++) {
      clients.get(text).send(content);
    }
  },
  binary: ({ binary }) => clients.get(binary).send(Buffer.from([1, 2, 3])),
  emit: ({ emit, event, data, ack }) => ack
    ? clients.get(emit).emit(event, data, (answer) => say(emit, { ack: answer }))
    : clients.get(emit).emit(event, data),
  pause: ({ pause }) => clients.get(pause).pause(),
  resume: ({ resume }) => clients.get(resume).resume(),
  close: ({ close }) => clients.get(close).close(),
};

for await (const line of readline.createInterface({ input: process.stdin })) {
  const command = JSON.parse(line);
  commands[Object.keys(command).find((name) => name in commands)](command);
}
process.exit(0);
