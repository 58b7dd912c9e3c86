#!/usr/bin/env bash
# better-sqlite3 12.11.1 binds every JavaScript number as REAL, whole ones too. SQLite's affinity hides it in INTEGER and
# NUMERIC columns, but a TEXT column then holds '4711.0', so a whole number written to it is not found by its own text;
# a BigInt is bound as INTEGER and gives '4711'.
set -euo pipefail
dir=$(mktemp -d)
trap 'rm -rf "$dir"' EXIT
cd "$dir"
npm init -y >/dev/null
npm install --silent --no-audit --no-fund better-sqlite3@12.11.1
cat >look.cjs <<'JS'
const db = require('better-sqlite3')(':memory:');
db.exec('create table t (as_text text, as_integer integer)');
db.prepare('insert into t values (?, ?)').run(4711, 4711);
db.prepare('insert into t values (?, ?)').run(4711n, 4711n);
for (const row of db.prepare('select as_text, typeof(as_integer) as kind from t').all()) console.log(row.as_text, row.kind);
console.log('found by its text', db.prepare("select count(*) from t where as_text = '4711'").pluck().get(), 'of 2');
JS
seen=$(node look.cjs)
want="4711.0 integer
4711 integer
found by its text 1 of 2"
echo "$seen"
if [ "$seen" = "$want" ]; then echo "as described: '4711.0' in a TEXT column"; else echo 'changed'; exit 1; fi
