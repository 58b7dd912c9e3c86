/** `kerbwatch models verdicts` and `models adapt`: what operators decided, and what one camera's thresholds could be for it. */
import type { Command } from 'commander';
import { numberFrom } from '../support/option-values.ts';
import { print } from '../support/print.ts';

type VerdictArguments = {
  readonly hub: string;
  readonly user: string;
  readonly password?: string;
  readonly ca?: string;
  readonly camera?: string;
  readonly from?: string;
  readonly to?: string;
  readonly out: string;
};

type AdaptArguments = {
  readonly verdicts: string;
  readonly camera?: string;
  readonly config?: string;
  readonly model?: string;
  readonly clips?: string;
  readonly out?: string;
  readonly since?: string;
  readonly precision: number;
  readonly maxLost: number;
  readonly minEach: number;
  readonly calibrate: boolean;
  readonly lang?: string;
  readonly json: boolean;
};

async function exportVerdicts({ hub, user, password, ca, out, ...query }: VerdictArguments): Promise<void> {
  const [{ fetchVerdicts }, { writeResult }] = await Promise.all([
    import('../../hub/client/verdicts.ts'),
    import('../../platform/write-result.ts'),
  ]);
  const ask = async () => {
    if (password) return (await import('../../platform/secret.ts')).readSecret(password);
    return (await import('../support/ask-password.ts')).askPassword(`Password of ${user}: `);
  };
  const { camera, from, to } = query;
  const given = Object.entries({ camera, from, to }).filter(([, value]) => value !== undefined);
  const lines = await fetchVerdicts(
    { hub, user, password: ask, ...(ca ? { ca } : {}) },
    Object.fromEntries(given) as { camera?: string; from?: string; to?: string },
  );
  await writeResult('--out', out, lines);
}

async function adapt(options: AdaptArguments): Promise<void> {
  const [{ adaptFromVerdicts, shadowRun }, { describeAdaptation, describeShadow }, words, files] = await Promise.all([
    import('../../evaluation/run/adapt-camera.ts'),
    import('../../evaluation/adapt/describe.ts'),
    import('../../evaluation/adapt/words.ts'),
    import('../support/proposal.ts'),
  ]);
  const { precision, maxLost, minEach, clips, out, json, verdicts, lang, ...rest } = options;
  const { LC_ALL, LC_MESSAGES, LANG } = process.env;
  const language = words.languageOf(lang ?? (LC_ALL || LC_MESSAGES || LANG));
  const adapted = await adaptFromVerdicts({ ...rest, verdicts, aim: { precision, maxLost, minEach } });
  if (!json) process.stdout.write(describeAdaptation(adapted.adaptation, language));
  const shadow = [];
  if (clips !== undefined) {
    for await (const difference of shadowRun(clips, adapted)) {
      shadow.push(difference);
      if (!json) process.stdout.write(describeShadow(difference.clip, difference, language));
    }
  }
  if (json) print(json, { ...adapted.adaptation, verdictsSha256: adapted.sha256, shadow }, '');
  if (out !== undefined) await files.writeProposal(out, verdicts, adapted);
}

/** Adds both to `kerbwatch models`. */
export function registerAdapt(models: Command): void {
  models
    .command('verdicts')
    .description('fetch what operators decided from a hub, one JSON a line, for `models adapt`')
    .requiredOption('--hub <url>', 'address of the hub, e.g. https://hub.example:8443')
    .requiredOption('--out <file>', 'where the export goes')
    .option('--user <name>', 'supervisor or administrator who does it', 'admin')
    .option('--password <reference>', 'her password: file:/path or env:NAME (default: it is asked for)')
    .option('--ca <file>', 'certificate of the authority, where it is not a public one')
    .option('--camera <id>', 'cases of this camera alone')
    .option('--from <instant>', 'cases opened since, UTC')
    .option('--to <instant>', 'cases opened before, UTC')
    .exitOverride()
    .action(exportVerdicts);
  models
    .command('adapt')
    .description('propose thresholds of one camera from verdicts; changes nothing')
    .requiredOption('--verdicts <file>', 'export of `models verdicts`')
    .option('--camera <id>', 'whose (default: the only one of the export)')
    .option('--config <file>', 'edge configuration (YAML): the camera’s present scores, model and zones')
    .option('--model <folder>', 'model folder or name (default: the camera’s, else the one that the verdicts name)')
    .option('--clips <folder>', 'stored clips, played with present and proposed settings; needs --config')
    .option('--out <file>', 'write the proposal as a piece of configuration (YAML)')
    .option('--since <instant>', 'only cases that began since, UTC: when the present settings came into force')
    .option('--precision <share>', 'share of told cases that should be right', numberFrom(0.05, 0.999), 0.8)
    .option('--max-lost <share>', 'most of the right cases that may be lost for it', numberFrom(0, 1), 0.05)
    .option('--min-each <n>', 'least right and least wrong cases of a concept', numberFrom(3, 10_000, true), 8)
    .option('--calibrate', 'propose the camera’s calibration too, with thresholds as chances', false)
    .option('--lang <language>', 'zh or en (default: the terminal’s)')
    .option('--json', 'print one JSON object on stdout', false)
    .exitOverride()
    .action(adapt);
}
