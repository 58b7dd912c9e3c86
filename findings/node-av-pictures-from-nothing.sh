#!/usr/bin/env bash
# node-av 6.1.1 (FFmpeg 8.1): not every decoder says that a picture is no picture. An MPEG-4 or H.263 picture that needs
# the one before it, decoded alone, comes out grey or black with what has moved on it; an H.265 picture of four slices
# comes out without one of them. In both cases every call succeeds, `decodeErrorFlags` is 0 and the corrupt flag is not
# set; H.264's decoder marks the same loss. Only the picture's type (P, B) and the packets tell.
set -euo pipefail
dir=$(mktemp -d)
trap 'rm -rf "$dir"' EXIT
cd "$dir"
npm init -y >/dev/null
npm install --silent --no-audit --no-fund node-av@6.1.1
make() { ffmpeg -v error -f lavfi -i testsrc2=size=352x288:rate=10:duration=1 -pix_fmt yuv420p "$@"; }
make -c:v mpeg4 -g 10 mpeg4.mp4
make -c:v h263p -g 10 h263.mov
make -c:v libx264 -x264-params log-level=none:slices=4:bframes=0:keyint=10 h264.mkv
make -c:v libx265 -x265-params log-level=none:slices=4:bframes=0:keyint=10 h265.mkv
cat >look.mjs <<'JS'
import { AV_FRAME_FLAG_CORRUPT } from 'node-av/constants';
import { Codec, CodecContext, FormatContext, Frame, Packet } from 'node-av/lib';
async function look(name, change) {
  const format = new FormatContext();
  format.allocContext();
  await format.openInput(name);
  const parameters = format.streams[0].codecpar;
  const decoder = Codec.findDecoder(parameters.codecId);
  const context = new CodecContext();
  context.allocContext3(decoder);
  context.parametersToContext(parameters);
  context.threadCount = 1;
  await context.open2(decoder, null);
  const [packet, frame] = [new Packet(), new Frame()];
  packet.alloc();
  frame.alloc();
  let told = [];
  const take = () => {
    while (context.receiveFrameSync(frame) >= 0) {
      told.push(frame.decodeErrorFlags !== 0 || (frame.flags & AV_FRAME_FLAG_CORRUPT) !== 0 ? 'marked' : 'not marked');
      frame.unref();
    }
  };
  for (let n = 0; format.readFrameSync(packet) >= 0; n++) {
    const data = change(Buffer.from(packet.data), n);
    if (data) {
      const sent = new Packet();
      sent.alloc();
      sent.data = data;
      context.sendPacketSync(sent);
      take();
    }
    packet.unref();
  }
  context.sendPacketSync(null);
  take();
  return told;
}
const fifth = (data, n) => (n === 5 ? data : null);
/** NAL units behind their lengths: picture 5 without its last slice. */
function cut(data, n) {
  if (n !== 5) return data;
  let last = 0;
  for (let at = 0; at < data.length; at += 4 + data.readUInt32BE(at)) last = at;
  return data.subarray(0, last);
}
console.log('MPEG-4, picture 5 alone:', (await look('mpeg4.mp4', fifth)).join());
console.log('H.263, picture 5 alone:', (await look('h263.mov', fifth)).join());
console.log('H.264, picture 5 without a slice:', (await look('h264.mkv', cut))[5]);
console.log('H.265, picture 5 without a slice:', (await look('h265.mkv', cut))[5]);
process.exit(0);
JS
seen=$(node look.mjs 2>/dev/null)
want='MPEG-4, picture 5 alone: not marked
H.263, picture 5 alone: not marked
H.264, picture 5 without a slice: marked
H.265, picture 5 without a slice: not marked'
echo "$seen"
if [ "$seen" = "$want" ]; then echo 'as described: nothing marks them'; else echo 'changed'; exit 1; fi
