// A plain ws server, as one would write it: every message goes to every client. Commands come as JSON lines.
import readline from 'node:readline';
import { WebSocketServer } from 'ws';

const server = new WebSocketServer({ port: 0, host: '127.0.0.1', perMessageDeflate: false });
server.on('listening', () => console.log(server.address().port));

const micros = () => Math.round((performance.timeOrigin + performance.now()) * 1000);

function broadcast(number, padding) {
  const text = JSON.stringify({
    event: 'critical_event',
    data: { event_id: number, event_type: 'stock_update', payload: { pad: padding }, device_id: 'bench', at: micros() },
  });
  for (const client of server.clients) {
    client.send(text);
  }
}

for await (const line of readline.createInterface({ input: process.stdin })) {
  const { messages, group, pauseMicros, padding } = JSON.parse(line);
  const text = 'x'.repeat(padding);
  const begun = performance.now();
  let sent = 0;
  await new Promise((done) => {
    const turn = () => {
      while (sent < messages && performance.now() - begun >= (sent / group) * (pauseMicros / 1000)) {
        for (let i = 0; i < group; i++) {
          broadcast(sent++, text);
        }
      }
      if (sent < messages) {
        setTimeout(turn, 1);
      } else {
        done();
      }
    };
    turn();
  });
  console.log('sent');
}
process.exit(0);
