// A web shop that watches a product and an order by socket.io. Arguments: the hub's address, an API key, a product's id, an order's id.
// Prints what it gets, a JSON array a line: [transport, event, data].
import { io } from 'socket.io-client';

const [hub, key, product, order] = process.argv.slice(2);

function connect(transports, token) {
  return io(hub, { path: '/socket.io', transports, auth: { token }, reconnection: false, forceNew: true });
}

function print(...line) {
  console.log(JSON.stringify(line));
}

for (const transport of ['websocket', 'polling']) {
  const socket = connect([transport], key);
  for (const event of ['inventory_update', 'order_status', 'system_alert', 'error', 'subscribed']) {
    socket.on(event, data => print(transport, event, data));
  }
  socket.on('connect_error', error => print(transport, 'connect_error', error.message));
  socket.on('connect', () => {
    socket.emit('subscribe_inventory', product);
    socket.emit('subscribe_order', order);
    socket.emit('subscribe_inventory', 17);
    socket.emit('shout', 'hello');
  });
  const stranger = connect([transport], 'no-such-key');
  stranger.on('connect', () => print(transport, 'stranger connected', null));
  stranger.on('connect_error', error => print(transport, 'stranger', error.message));
}
