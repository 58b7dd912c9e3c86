#!/usr/bin/env bash
# MQTT.js 5.16.0 as an MQTT 5 client: it does not keep to the Receive Maximum of the broker's CONNACK (MQTT 5, 3.2.2.3.3
# and 4.9: the client must not have more unacknowledged QoS 1 publications than that). A broker that allows 20 is sent
# all 500 before it has acknowledged one; a strict broker may end the connection with reason code 0x93. Whoever drains a
# queue with it has to count what is in flight.
set -euo pipefail
dir=$(mktemp -d)
trap 'rm -rf "$dir"' EXIT
cd "$dir"
npm init -y >/dev/null
npm install --silent --no-audit --no-fund mqtt@5.16.0 mqtt-packet@9.0.2
cat >look.cjs <<'JS'
const net = require('node:net');
const packet = require('mqtt-packet');
const mqtt = require('mqtt');
let inFlight = 0;
let client;
const server = net.createServer((socket) => {
  const parser = packet.parser({ protocolVersion: 5 });
  socket.on('error', () => {});
  socket.on('data', (data) => parser.parse(data));
  parser.on('packet', ({ cmd, payload }) => {
    if (cmd === 'connect')
      socket.write(packet.generate({ cmd: 'connack', reasonCode: 0, sessionPresent: false, properties: { receiveMaximum: 20 } }, { protocolVersion: 5 }));
    if (cmd === 'publish' && ++inFlight && payload.toString() === 'last') {
      console.log(`allowed 20, in flight ${inFlight}, acknowledged 0`);
      client.end(true, () => server.close());
      socket.destroy();
    }
  });
});
server.listen(0, '127.0.0.1', () => {
  client = mqtt.connect(`mqtt://127.0.0.1:${server.address().port}`, { protocolVersion: 5, reconnectPeriod: 0 });
  client.on('error', () => {});
  client.on('connect', ({ properties }) => {
    console.log('client was told', JSON.stringify(properties));
    for (let i = 1; i <= 500; i++) client.publish('t', i === 500 ? 'last' : String(i), { qos: 1 }, () => {});
  });
});
setTimeout(() => { console.log(`in flight ${inFlight} after 10 s`); process.exit(0); }, 10_000).unref();
JS
seen=$(node look.cjs)
want='client was told {"receiveMaximum":20}
allowed 20, in flight 500, acknowledged 0'
echo "$seen"
if [ "$seen" = "$want" ]; then echo 'as described: 500 in flight of 20'; else echo 'changed'; exit 1; fi
