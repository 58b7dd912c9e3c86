/** `kerbwatch hub backup`, `restore`, `doctor`: a hub's data secured, put back, examined. */
import type { Command } from 'commander';
import { print } from '../support/print.ts';
import { createProgress } from '../support/progress.ts';

type Place = { readonly config: string; readonly json?: boolean };

async function openPlace(config: string) {
  // As the hub itself: what is written is for this user alone.
  process.umask(0o077);
  const { loadHub, placeOf } = await import('../../hub/load-hub.ts');
  return placeOf(await loadHub(config));
}

async function backup({ config, json, to, rootKey }: Place & { readonly to: string; readonly rootKey: boolean }) {
  const { writeBackup } = await import('../../hub/upkeep/backup/write-backup.ts');
  const { describeBackup } = await import('../../hub/upkeep/backup/describe.ts');
  const manifest = await writeBackup(await openPlace(config), to, { rootKey, onProgress: createProgress() });
  print(json, { to, ...manifest }, describeBackup(to, manifest));
}

async function restore({ config, json, from, replace }: Place & { readonly from: string; readonly replace: boolean }) {
  const { restoreBackup } = await import('../../hub/upkeep/backup/restore-backup.ts');
  const { describeRestored } = await import('../../hub/upkeep/backup/describe.ts');
  const restored = await restoreBackup(await openPlace(config), from, { replace, onProgress: createProgress() });
  print(json, { from, ...restored }, describeRestored(restored));
}

async function doctor({ config, json, skipFiles }: Place & { readonly skipFiles: boolean }) {
  const { examineHub } = await import('../../hub/upkeep/doctor/examine-hub.ts');
  const { describeExamination } = await import('../../hub/upkeep/doctor/describe.ts');
  const place = await openPlace(config);
  const examination = await examineHub(place, { readFiles: !skipFiles, onProgress: createProgress() });
  print(json, examination, describeExamination(examination));
  if (examination.findings.length > 0) process.exitCode = 1;
}

/** Adds the commands to `hub`, whose `--config` is theirs too. */
export function registerHubUpkeep(hub: Command): void {
  const sub = (name: string, description: string) =>
    hub
      .command(name)
      .description(description)
      .configureHelp({ showGlobalOptions: true })
      .option('--json', 'print JSON on stdout')
      .exitOverride();
  const of =
    <T>(run: (options: Place & T) => Promise<void>) =>
    (_: unknown, command: Command) =>
      run(command.optsWithGlobals());
  sub('backup', 'copy database and evidence into a folder, while the hub runs')
    .requiredOption('--to <folder>', 'appears there once it is whole and was read again')
    .option('--root-key', 'with the private root key, in plain: guard the folder like the hub itself', false)
    .action(of(backup));
  sub('restore', 'put a backup where the hub’s data belongs; the hub does not run')
    .requiredOption('--from <folder>', 'what `hub backup` made')
    .option('--replace', 'what is there gives way: a SQLite file is set aside, a PostgreSQL database emptied', false)
    .action(of(restore));
  sub('doctor', 'examine database, chains, counters and evidence; changes nothing, the hub may run')
    .option('--skip-files', 'see whether evidence is there, and do not read it', false)
    .action(of(doctor));
}
