/** What a connection's thread runs: one statement after another, prepared once, answered with rows or with the fault. */

/** Bulk inserts have one text for each number of rows; a connection forgets the statement that it prepared first beyond this. */
const KEPT_STATEMENTS = 500;

// A script and no file, so that it runs alike from sources and from the build.
export const connectionScript = `
const { parentPort, workerData } = require('node:worker_threads');
const { createRequire } = require('node:module');
const Sqlite = createRequire(workerData.from)('better-sqlite3');
const statements = new Map();
let db;

function prepare(sql) {
  let statement = statements.get(sql);
  if (statement) return statement;
  statement = db.prepare(sql);
  if (statements.size >= ${KEPT_STATEMENTS}) statements.delete(statements.keys().next().value);
  statements.set(sql, statement);
  return statement;
}

function run({ sql, parameters }) {
  // A cached SELECT keeps its columns; after a change of the schema it is prepared afresh by SQLite itself.
  const statement = prepare(sql);
  if (statement.reader) return { rows: statement.all(parameters) };
  const { changes, lastInsertRowid } = statement.run(parameters);
  return { changes, lastInsertRowid };
}

function answer(work) {
  try {
    return work();
  } catch (error) {
    return { fault: { message: String(error.message), code: error.code } };
  }
}

parentPort.postMessage(answer(() => {
  db = new Sqlite(workerData.path, { readonly: workerData.readonly, timeout: workerData.openingMs });
  for (const pragma of workerData.pragmas) db.pragma(pragma);
  return {};
}));
parentPort.on('message', (order) => {
  if (order.close) {
    db?.close();
    parentPort.close();
  } else parentPort.postMessage({ ...answer(() => run(order)), inTransaction: db.inTransaction });
});`;
