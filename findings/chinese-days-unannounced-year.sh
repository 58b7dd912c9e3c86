#!/usr/bin/env bash
# chinese-days 1.5.7 (calendar of China's public holidays): a year that the State Council has not announced yet is
# answered as if it had no holidays, in silence. 1 October is a public holiday by law every year, yet 1 October 2027, a
# Friday, is a plain working day here; nothing in the answer differs from that for a real working day of a known year.
# Whoever computes deadlines with it must know by other means to which date the table reaches.
set -euo pipefail
dir=$(mktemp -d)
trap 'rm -rf "$dir"' EXIT
cd "$dir"
npm init -y >/dev/null
npm install --silent --no-audit --no-fund chinese-days@1.5.7
cat >look.cjs <<'JS'
const days = require('chinese-days');
for (const day of ['2026-10-01', '2026-10-10', '2027-10-01', '2030-10-01', '2026-11-27'])
  console.log(day, days.isWorkday(day) ? 'work' : 'rest', days.getDayDetail(day).name);
JS
seen=$(node look.cjs)
want='2026-10-01 rest National Day,国庆节,3
2026-10-10 work National Day,国庆节,3
2027-10-01 work Friday
2030-10-01 work Tuesday
2026-11-27 work Friday'
echo "$seen"
if [ "$seen" = "$want" ]; then echo 'as described: 1 October 2027 and 2030 are plain working days'; else echo 'changed'; exit 1; fi
