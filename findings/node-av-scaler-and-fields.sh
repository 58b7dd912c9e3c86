#!/usr/bin/env bash
# node-av 6.1.1 (FFmpeg 8.1): the frame interface of the scaler (`allocContext()` and `scaleFrameSync`) refuses every
# interlaced picture with -22, for its target is not marked interlaced too; nothing in the error says so. Clearing the
# flag (8 of `frame.flags`) on the source scales it as the whole picture that is shown.
set -euo pipefail
dir=$(mktemp -d)
trap 'rm -rf "$dir"' EXIT
cd "$dir"
npm init -y >/dev/null
npm install --silent --no-audit --no-fund node-av@6.1.1
ffmpeg -v error -f lavfi -i testsrc2=size=320x240:rate=25:duration=0.2 -c:v mpeg2video -flags +ildct+ilme fields.mpg
cat >look.mjs <<'JS'
import { AV_FRAME_FLAG_INTERLACED, AV_PIX_FMT_RGB24 } from 'node-av/constants';
import { Codec, CodecContext, FormatContext, Frame, Packet, SoftwareScaleContext } from 'node-av/lib';
const format = new FormatContext();
format.allocContext();
await format.openInput('fields.mpg');
await format.findStreamInfo(null);
const parameters = format.streams[0].codecpar;
const decoder = Codec.findDecoder(parameters.codecId);
const context = new CodecContext();
context.allocContext3(decoder);
context.parametersToContext(parameters);
await context.open2(decoder, null);
const [packet, frame, target] = [new Packet(), new Frame(), new Frame()];
for (const one of [packet, frame, target]) one.alloc();
for (let code = -1; code < 0; code = context.receiveFrameSync(frame)) {
  if (format.readFrameSync(packet) < 0) break;
  context.sendPacketSync(packet);
}
Object.assign(target, { width: 160, height: 120, format: AV_PIX_FMT_RGB24 });
target.allocBuffer();
const scaler = new SoftwareScaleContext();
scaler.allocContext();
const said = (code) => (code < 0 ? `refused, ${code}` : 'scaled');
console.log('interlaced:', said(scaler.scaleFrameSync(target, frame)));
frame.flags &= ~AV_FRAME_FLAG_INTERLACED;
console.log('flag cleared:', said(scaler.scaleFrameSync(target, frame)));
process.exit(0);
JS
seen=$(node look.mjs 2>/dev/null)
want='interlaced: refused, -22
flag cleared: scaled'
echo "$seen"
if [ "$seen" = "$want" ]; then echo 'as described: fields are refused'; else echo 'changed'; exit 1; fi
