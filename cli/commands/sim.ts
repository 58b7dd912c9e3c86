/** `kerbwatch sim`: a city's fleet of simulated nodes against a running hub; fails when the hub owes anything at the end. */
import type { Command } from 'commander';
import { AppError } from '../../platform/app-error.ts';
import { numberFrom, secondsFrom } from '../support/option-values.ts';
import { print } from '../support/print.ts';
import { createProgress } from '../support/progress.ts';

type SimArguments = {
  readonly config?: string;
  readonly hub?: string;
  readonly mqtt?: string;
  readonly ca?: string;
  readonly user: string;
  readonly password?: string;
  readonly street: number;
  readonly heritage: number;
  readonly docks: number;
  readonly gates: number;
  readonly each: number;
  readonly prefix: string;
  readonly seed: string;
  readonly speedup: number;
  readonly duration: number;
  readonly outage: number;
  readonly outageSeconds: number;
  readonly repeat: number;
  readonly drain: number;
  readonly data?: string;
  readonly json?: boolean;
};

/** What was said on the command line, then what the hub's configuration says. */
async function addressesOf({ config, hub, mqtt }: SimArguments): Promise<{ hub: string; mqtt: string }> {
  const found = config ? (await import('../../hub/addresses.ts')).addressesOf(config) : null;
  const known = { hub: hub ?? (await found)?.http, mqtt: mqtt ?? (await found)?.mqtt };
  if (known.hub === undefined || known.mqtt === undefined)
    throw new AppError('CFG_NOT_FOUND', 'give --config of the hub on this machine, or --hub and --mqtt');
  return { hub: known.hub, mqtt: known.mqtt };
}

async function passwordOf({ user, password }: SimArguments): Promise<string> {
  if (password) return (await import('../../platform/secret.ts')).readSecret(password);
  return (await import('../support/ask-password.ts')).askPassword(`Password of ${user}: `);
}

async function sim(options: SimArguments): Promise<void> {
  const { describeSim, isOwed, runSim } = await import('../../sim/run-sim.ts');
  const { createLog } = await import('../../platform/log.ts');
  const { hub, mqtt } = await addressesOf(options);
  const { user, ca, street, heritage, docks: bike, gates: gate, duration: seconds } = options;
  const secret = await passwordOf(options);
  const ended = new AbortController();
  process.once('SIGINT', () => ended.abort());
  process.once('SIGTERM', () => ended.abort());
  const result = await runSim({
    addresses: { mqtt, hub, ca: ca ?? null },
    login: { hub, user, password: async () => secret, ...(ca ? { ca } : {}) },
    ...{ size: { street, heritage, bike, gate }, each: options.each, prefix: options.prefix, seed: options.seed },
    ...{ speedup: options.speedup, seconds, until: Date.now() + seconds * 1000, repeat: options.repeat },
    ...{
      outages: options.outage,
      outageSeconds: options.outageSeconds,
      drainSeconds: options.drain,
      data: options.data,
    },
    ...{ onProgress: createProgress(), stop: ended.signal },
    log: createLog({ level: process.env.KERBWATCH_LOG ?? 'error' }),
  });
  print(options.json, result, describeSim(result));
  if (isOwed(result)) process.exitCode = 1;
}

/** Adds the command to the program. */
export function registerSim(program: Command): void {
  const count = numberFrom(0, 100_000, true);
  program
    .command('sim')
    .description('a city’s fleet without cameras against a running hub: registered, signed, with evidence')
    .option('--config <file>', 'configuration of the hub on this machine: its addresses')
    .option('--hub <url>', 'address of its API, e.g. https://hub.example:8443')
    .option('--mqtt <url>', 'address of its broker, e.g. mqtts://hub.example:8883')
    .option('--ca <file>', 'certificate of the authority, where it is not a public one')
    .option('--user <name>', 'administrator who registers the nodes', 'admin')
    .option('--password <reference>', 'her password: file:/path or env:NAME (default: it is asked for)')
    .option('--street <n>', 'street cameras', count, 145)
    .option('--heritage <n>', 'cameras at heritage sites', count, 16)
    .option('--docks <n>', 'cameras at docks of shared bikes', count, 30)
    .option('--gates <n>', 'gates of building sites', count, 80)
    .option('--each <n>', 'cameras of one node', numberFrom(1, 64, true), 8)
    .option('--prefix <name>', 'how the names of nodes and cameras begin', 'sim')
    .option('--seed <text>', 'the same seed gives the same day', '1')
    .option('--speedup <n>', 'how much faster than a real day', numberFrom(1, 1000), 1)
    .option('--duration <time>', 'how long, e.g. 90s, 10m', secondsFrom, 60)
    .option('--outage <n>', 'how often a quarter of the nodes is cut off', numberFrom(0, 1000, true), 0)
    .option('--outage-seconds <s>', 'how long each time', numberFrom(1, 3600), 10)
    .option(
      '--repeat <share>',
      'share of the hub’s answers that are lost, so that messages come again',
      numberFrom(0, 0.9),
      0,
    )
    .option('--drain <s>', 'how long the hub may take for what is left at the end', numberFrom(0, 3600), 60)
    .option('--data <folder>', 'outboxes and keys of the nodes, to go on with later (default: a temporary one)')
    .option('--json', 'print JSON on stdout')
    .action(sim);
}
