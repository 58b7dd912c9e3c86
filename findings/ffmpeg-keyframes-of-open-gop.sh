#!/usr/bin/env bash
# FFmpeg (build N-47683 of @ffmpeg-installer/linux-x64 4.1.0; Debian's 5.1.9 does the same): `-skip_frame nokey` on H.264
# with open GOPs loses most keyframes without a word. Open GOPs mark their keyframes by a recovery point and not as IDR,
# and picture order counts are then rebuilt from the picture decoded before (H.264 8.2.1.1), which is not the one the
# stream meant; whether they come out right depends on the distance of keyframes: at 25 and 50 frames 3 of 20 and 3 of 10
# pictures come out, at 40 all 13. `-skip_frame noref` with a filter on key pictures gives them all.
set -euo pipefail
dir=$(mktemp -d)
trap 'rm -rf "$dir"' EXIT
cd "$dir"
npm init -y >/dev/null
npm install --silent --no-audit --no-fund --ignore-scripts @ffmpeg-installer/linux-x64@4.1.0
ffmpeg=node_modules/@ffmpeg-installer/linux-x64/ffmpeg
chmod +x "$ffmpeg"
"$ffmpeg" -version | head -1
for distance in 25 40 50; do
  "$ffmpeg" -v error -f lavfi -i testsrc2=s=320x240:r=25 -frames:v 500 -c:v libx264 \
    -x264-params "open-gop=1:keyint=$distance:min-keyint=$distance:scenecut=0:bframes=3" "$distance.mp4"
done
pictures() {
  "$ffmpeg" -hide_banner -skip_frame "$2" -i "$1.mp4" -vf "select='eq(key,1)',showinfo" -vsync 0 -f null - 2>&1 | grep -c pts_time
}
seen=$(for distance in 25 40 50; do echo "every $distance: nokey $(pictures $distance nokey), noref $(pictures $distance noref)"; done)
want='every 25: nokey 3, noref 20
every 40: nokey 13, noref 13
every 50: nokey 3, noref 10'
echo "$seen"
if [ "$seen" = "$want" ]; then echo 'as described'; else echo 'changed'; exit 1; fi
