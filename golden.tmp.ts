import { createHash } from 'node:crypto';
import { join } from 'node:path';
const root = process.argv[2] as string;
const { loadClips } = await import(join(root, 'demo/clips.ts'));
const { replayClip } = await import(join(root, 'edge/replay.ts'));
const { createLog } = await import(join(root, 'platform/log.ts'));
for (const model of ['kerb-s', 'kerb-n-int8'])
for (const clip of loadClips()) {
  const { id, kind, zones } = clip.truth.camera;
  const r = await replayClip({ clip: clip.file, camera: { id, kind, source: { url: clip.file }, zones }, node: 'golden', modelDir: join(root, 'models', model), log: createLog({ level: 'silent' }) });
  const text = r.events.map((e: unknown) => JSON.stringify(e)).join('\n').replaceAll(root, '');
  console.log(model, clip.file.split('/').pop(), r.events.length, r.frames, r.inferred, r.evidence.files, r.evidence.bytes, createHash('sha256').update(text).digest('hex'));
}
