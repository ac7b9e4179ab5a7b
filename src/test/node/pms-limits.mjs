// A web shop that asks for more than it may. Arguments: the hub's address, an API key of its own.
import assert from 'node:assert/strict';
import { io } from 'socket.io-client';

const [hub, token] = process.argv.slice(2);
const connect = () => io(hub, { path: '/socket.io', transports: ['websocket'], auth: { token }, reconnection: false, forceNew: true });
const outcome = socket => new Promise(done => {
  socket.once('connect', () => done('connected'));
  socket.once('connect_error', error => done(error.message));
});

const sockets = Array.from({ length: 50 }, connect);
assert.deepEqual(new Set(await Promise.all(sockets.map(outcome))), new Set(['connected']));
console.log('50 connected');
assert.notEqual(await outcome(connect()), 'connected');
console.log('the next one was refused');

const [talker] = sockets;
const told = new Promise(done => talker.on('error', data => data.message.startsWith('More than 1000 messages a minute') && done()));
const closed = new Promise(done => talker.on('disconnect', done));
for (let i = 0; i < 1001; i++) {
  talker.emit('subscribe_inventory', `p${i}`);
}
await told;
console.log('told after 1000 messages');
for (let i = 0; i < 1000; i++) {
  talker.emit('subscribe_inventory', 'p');
}
await closed;
console.log('closed who went on');
process.exit(0);
