#!/usr/bin/env bash
# @sinclair/typebox 0.34.52, Value.Convert: text becomes a number by two readers that disagree. '1e2' is 1 as an Integer and
# 100 as a Number; '0x10' is 16 as an Integer and 0 as a Number; '1.9' is 1 as an Integer. A check after the conversion
# then passes, so an HTTP query `limit=1e2` gives one row, and nobody is told. Convert before a check is no validation.
set -euo pipefail
dir=$(mktemp -d)
trap 'rm -rf "$dir"' EXIT
cd "$dir"
npm init -y >/dev/null
npm install --silent --no-audit --no-fund @sinclair/typebox@0.34.52
cat >look.mjs <<'JS'
import { Type } from '@sinclair/typebox';
import { Value } from '@sinclair/typebox/value';
for (const text of ['1e2', '0x10', '1.9', '12']) {
  const [integer, number] = [Type.Integer(), Type.Number()].map((schema) => Value.Convert(schema, text));
  const passes = Value.Check(Type.Integer(), integer) && Value.Check(Type.Number(), number);
  console.log(`'${text}' as Integer ${integer}, as Number ${number}, both pass the check: ${passes}`);
}
JS
seen=$(node look.mjs)
want="'1e2' as Integer 1, as Number 100, both pass the check: true
'0x10' as Integer 16, as Number 0, both pass the check: true
'1.9' as Integer 1, as Number 1.9, both pass the check: true
'12' as Integer 12, as Number 12, both pass the check: true"
echo "$seen"
if [ "$seen" = "$want" ]; then echo 'as described'; else echo 'changed'; exit 1; fi
