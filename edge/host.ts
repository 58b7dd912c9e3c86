/**
 * A camera host's entry. Before anything large is loaded it turns deaf to the signals by which a terminal or a unit stops
 * all processes at once (its main process stops it in order), and ties its life to that process, however that ends.
 */
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, () => {});

// The hard way: nobody is left whom it could give its findings to, and native threads may not be ended softly.
const end = () => process.kill(process.pid, 'SIGKILL');
process.once('disconnect', end);
if (!process.connected) end();

const { runHost } = await import('./hosts/run-host.ts');
await runHost();

export {};
