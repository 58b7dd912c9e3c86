/** Events over Mosquitto: nothing leaves the outbox but by the hub's own ack; status, orders. */
import { connectAsync } from 'mqtt';
import { describe, expect, test } from 'vitest';
import { topic } from '../../contracts/topics.ts';
import { needs } from '../needs.ts';
import { until } from '../processes.ts';
import { node, useUplink } from './uplink-stage.ts';

describe.skipIf(!needs('mosquitto'))('uplink over Mosquitto', () => {
  const { appendEvents, depth, stage, startBroker, startUplink } = useUplink();

  test('no message leaves the outbox before the hub’s own ack, however long the broker has had it', async () => {
    const { hub, outbox } = stage;
    appendEvents(120);
    startUplink();
    await until('a full window has come', () => hub.received.length >= 50);
    // Every one of these is acknowledged by the broker (QoS 1); that must count for nothing.
    expect(depth()).toBe(120);
    expect(stage.uplink.stats().inFlight).toBe(50);
    expect(hub.received.map((event) => event.seq)).toEqual(Array.from({ length: 50 }, (_, i) => i + 1));
    await hub.ack([...hub.received].reverse().slice(0, 10));
    await until('ten have left', () => depth() === 110);
    expect(outbox.pending(1)[0]?.seq).toBe(1);
    hub.answerWith(() => 'stored');
    await hub.ack(hub.received);
    await until('all have left', () => depth() === 0);
    expect(new Set(hub.received.map((event) => event.seq)).size).toBe(120);
  });

  test('what is not acknowledged is sent again; the same body each time', async () => {
    const { hub } = stage;
    appendEvents(1);
    startUplink({ resendMs: 200 });
    await until('it came three times', () => hub.received.length >= 3);
    expect(depth()).toBe(1);
    expect(hub.received[1]).toEqual(hub.received[0]);
    await hub.ack([...hub.received.slice(0, 1)], 'duplicate');
    await until('it has left', () => depth() === 0);
  });

  test('a refused message is kept as refused and holds nothing up', async () => {
    const { hub, outbox } = stage;
    hub.answerWith((event) => (event.seq === 2 ? 'quarantined' : 'stored'));
    startUplink();
    appendEvents(3);
    await until('all are settled', () => depth() === 0);
    expect(outbox.refusedCount()).toBe(1);
  });

  test('acks that are none change nothing', async () => {
    const { hub } = stage;
    appendEvents(1);
    startUplink();
    await until('it came', () => hub.received.length > 0);
    const garbage = ['', 'not json', '[]', '{"acks":7}', JSON.stringify({ acks: [{ id: 'x' }] })];
    for (const payload of garbage) await hub.publish('acks', payload);
    await until('all were read', () => stage.uplink.stats().unreadableAcks === garbage.length);
    expect(depth()).toBe(1);
  });

  test('a broker killed in the middle costs nothing', async () => {
    const { hub } = stage;
    hub.answerWith(() => 'stored');
    startUplink();
    appendEvents(200);
    await until('some have left', () => depth() < 200);
    await stage.broker.kill('SIGKILL');
    appendEvents(100, 200);
    await startBroker();
    await until('all have left', () => depth() === 0);
    expect(new Set(hub.received.map((event) => event.seq)).size).toBe(300);
  });

  test('status is retained, orders are answered', async () => {
    const { hub } = stage;
    startUplink();
    stage.uplink.publishStatus({ 'cam-1': { state: 'watched', reasons: [], since: '2026-01-01T00:00:00.000Z' } });
    await until('status', () => /"online".*cam-1/.test(hub.last('status')));
    await hub.publish('commands', JSON.stringify({ requestId: 'r1', command: 'reload' }));
    await until('reply', () => hub.last('replies') === '{"requestId":"r1","ok":true}');
    await hub.publish('commands', JSON.stringify({ requestId: 'r2', command: 'fly' }));
    await until('refusal', () => hub.last('replies').includes('API_VALIDATION'));
    await hub.publish('config', JSON.stringify({ version: 3, config: {} }));
    await until('applied', () => hub.last('applied').includes('"version":3'));
    await stage.uplink.close();
    const late = await connectAsync(stage.url);
    const status = new Promise<string>((done) => late.on('message', (_, payload) => done(payload.toString())));
    await late.subscribeAsync(topic(node, 'status'));
    expect(JSON.parse(await status)).toMatchObject({ state: 'offline' });
    await late.endAsync();
  });
});
