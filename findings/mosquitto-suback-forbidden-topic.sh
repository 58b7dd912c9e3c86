#!/usr/bin/env bash
# Mosquitto 2.0.11 (Debian 12): a subscription that the ACL file forbids is granted in the SUBACK (1, the QoS asked for,
# not 128), and in MQTT 3.1.1 a forbidden publication is acknowledged with a PUBACK. Nothing is delivered either way: the
# grant and the PUBACK of a broker tell a client nothing about its rights or about storage. Whoever needs to know needs an
# acknowledgement of the application itself.
set -euo pipefail
dir=$(mktemp -d)
trap 'kill "${broker:-}" 2>/dev/null || true; rm -rf "$dir"' EXIT
cd "$dir"
# The broker and what it links to beyond a bare system, unpacked here and not installed.
apt-get download mosquitto=2.0.11-1.2+deb12u2 libdlt2=2.18.8-6 libwrap0=7.6.q-32 >/dev/null
for file in *.deb; do dpkg -x "$file" root; done
npm init -y >/dev/null
npm install --silent --no-audit --no-fund mqtt@5.16.0
port=$((20000 + RANDOM % 20000))
printf 'user box\ntopic write allowed/up\ntopic read allowed/down\n' >acl
printf 'listener %s 127.0.0.1\nallow_anonymous true\nacl_file %s/acl\n' "$port" "$dir" >mosquitto.conf
chmod 755 "$dir"; chmod 644 acl mosquitto.conf
LD_LIBRARY_PATH=$(find "$dir/root" -type d -name '*-linux-gnu' | paste -sd:) root/usr/sbin/mosquitto -c mosquitto.conf >broker.log 2>&1 &
broker=$!
cat >look.cjs <<'JS'
const mqtt = require('mqtt');
const connect = (protocolVersion) =>
  new Promise((done) => {
    const client = mqtt.connect(`mqtt://127.0.0.1:${process.argv[2]}`, { username: 'box', protocolVersion, reconnectPeriod: 200 });
    client.on('error', () => {});
    client.once('connect', () => done(client));
  });
(async () => {
  for (const version of [4, 5]) {
    const client = await connect(version);
    const granted = await new Promise((done) => client.subscribe('secret/#', { qos: 1 }, (_error, list) => done(list[0]?.qos)));
    const acknowledged = await new Promise((done) => client.publish('secret/up', 'x', { qos: 1 }, (error) => done(error ? `no (${error.code})` : 'yes')));
    console.log(`MQTT ${version === 4 ? '3.1.1' : '5'}: subscription to a forbidden topic granted with ${granted}, publication acknowledged: ${acknowledged}`);
    client.end(true);
  }
})();
JS
seen=$(node look.cjs "$port")
want='MQTT 3.1.1: subscription to a forbidden topic granted with 1, publication acknowledged: yes
MQTT 5: subscription to a forbidden topic granted with 1, publication acknowledged: no (135)'
echo "$seen"
if [ "$seen" = "$want" ]; then echo 'as described'; else echo 'changed'; exit 1; fi
