#!/usr/bin/env bash
# aedes 1.2.0 (MQTT broker as a library): a QoS 1 publication is acknowledged before the broker's own subscribers and its
# `published` hook have called back, so neither can hold the PUBACK until something is stored. A program that embeds the
# broker and writes what arrives to a database has, at the PUBACK, promised nothing; it needs an acknowledgement of its own.
set -euo pipefail
dir=$(mktemp -d)
trap 'rm -rf "$dir"' EXIT
cd "$dir"
npm init -y >/dev/null
npm install --silent --no-audit --no-fund aedes@1.2.0 mqtt@5.16.0
cat >look.mjs <<'JS'
import net from 'node:net';
import { Aedes } from 'aedes';
import mqtt from 'mqtt';
const broker = await Aedes.createBroker();
const slow = (what, done) => setTimeout(() => { console.log(what); done(); }, 500);
let calls = 0;
const finish = () => { if (++calls === 3) process.exit(0); };
broker.published = (_packet, client, done) => (client ? slow('published hook has called back', () => { done(); finish(); }) : done());
await new Promise((done) => broker.subscribe('t', (_packet, next) => slow('subscriber inside has called back', () => { next(); finish(); }), done));
const server = net.createServer(broker.handle).listen(0, '127.0.0.1', () => {
  const client = mqtt.connect(`mqtt://127.0.0.1:${server.address().port}`);
  client.on('connect', () => client.publish('t', 'x', { qos: 1 }, () => { console.log('PUBACK'); finish(); }));
});
setTimeout(() => process.exit(1), 20_000).unref();
JS
seen=$(node look.mjs)
echo "$seen"
if [ "$(head -1 <<<"$seen")" = PUBACK ] && [ "$(wc -l <<<"$seen")" = 3 ]; then echo 'as described: the PUBACK came first'; else echo 'changed'; exit 1; fi
