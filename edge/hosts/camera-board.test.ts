import { expect, test } from 'vitest';
import type { CameraStatus } from '../../contracts/status.ts';
import { createCameraBoard } from './camera-board.ts';

const SINCE = '2026-01-01T00:00:00.000Z';
const watched: CameraStatus = { state: 'watched', reasons: [], since: SINCE };

function stage() {
  const said: string[] = [];
  const board = createCameraBoard((_camera, { state, fault }) => {
    said.push([state, fault?.split(' ')[0]].filter(Boolean).join(' '));
  });
  return { board, said };
}

test('a lost host is told, then the camera speaks for itself again', () => {
  const { board, said } = stage();
  board.lost('a', false, SINCE);
  board.status('a', watched);
  expect(said).toEqual(['blind EDGE_HOST_ENDED', 'watched']);
});

test('a camera that is alone says so until it was steady for long; its own fault goes before', () => {
  const { board, said } = stage();
  board.lost('a', true, SINCE);
  board.status('a', watched);
  board.status('a', { ...watched, fault: 'EDGE_DISK_FULL none left' });
  board.status('a', watched);
  board.clear(() => false);
  board.clear(() => true);
  board.clear(() => true);
  board.status('a', watched);
  const note = 'watched EDGE_HOST_QUARANTINE';
  expect(said).toEqual(['blind EDGE_HOST_QUARANTINE', note, 'watched EDGE_DISK_FULL', note, 'watched', 'watched']);
});
