import { expect, test } from 'vitest';
import type { CameraConfig } from '../config.ts';
import { bootOf, threadsOf } from './boot.ts';
import type { CameraOrder, HostSetup } from './messages.ts';

function order(id: string, source: Partial<CameraConfig['source']>, detail?: 'auto' | 'off'): CameraOrder {
  const zone = { id: 'z', kind: 'road-stall', polygon: [], ...(detail ? { detail } : {}) };
  const camera = { id, kind: 'street', source: { url: 'rtsp://camera', ...source }, zones: [zone] };
  return { camera: camera as unknown as CameraConfig, logins: { main: null, analyse: null }, modelDir: 'm' };
}

test('looks at far zones are shared by the cameras that may take them, and the node’s total holds', () => {
  const orders = [order('a', {}), order('b', {}), order('c', {}, 'auto'), order('d', {}, 'off')];
  const shares = [orders.slice(0, 1), orders.slice(1)].map(
    (mine) => bootOf({} as HostSetup, mine, orders, { detailPerSecond: 6, hosts: 2 }).detailPerSecond,
  );
  expect(shares).toEqual([2, 4]);
  expect(
    bootOf({} as HostSetup, orders.slice(3), orders.slice(3), { detailPerSecond: 6, hosts: 2 }).detailPerSecond,
  ).toBe(0);
});

test('streams that hold a thread of the pool have one each, and the files some beside them', () => {
  const many = (size: number, source: Partial<CameraConfig['source']>) =>
    Array.from({ length: size }, (_, i) => order(`c${i}`, source));
  expect(threadsOf(many(70, {}))).toBe(8);
  expect(threadsOf(many(70, { url: 'rtsps://camera', transport: 'tcp' }))).toBe(8);
  expect(threadsOf(many(70, { transport: 'udp' }))).toBe(74);
  expect(threadsOf([...many(20, {}), ...many(9, { url: 'http://camera/mjpeg' })])).toBe(13);
});
