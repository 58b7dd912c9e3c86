/** The proposal as a piece of a node's configuration (YAML), with where it comes from; a person puts it in, or does not. */
import type { Adaptation } from './adaptation.ts';

/** What the proposal was made of. */
export type Provenance = {
  /** Name of the export. */
  readonly file: string;
  readonly sha256: string;
  /** UTC instant. */
  readonly madeAt: string;
};

/** One line whatever a name holds: a comment must not end early. */
const oneLine = (text: string): string => JSON.stringify(text).slice(1, -1);

function rowComment({ concept, right, wrong, proposal }: Adaptation['rows'][number]): string {
  if (!proposal) return `${concept}: ${right} right, ${wrong} wrong: too few, left as it is`;
  const { now, proposed, atProposed, curve } = proposal;
  const { wrongAvoided, rightLost } = atProposed;
  const fitted = `a ${curve.a.toFixed(3)}, b ${curve.b.toFixed(3)}`;
  return `${concept}: ${now.toFixed(2)} -> ${proposed.toFixed(2)}; of ${wrong} wrong ${wrongAvoided} not told, of ${right} right ${rightLost} lost; curve ${fitted}`;
}

/**
 * YAML; `scores` is written as JSON, which is YAML too. With nothing to propose, comments alone.
 * @returns what `kerbwatch check` takes within a configuration whose camera it is
 */
export function proposalFile(adaptation: Adaptation, { file, sha256, madeAt }: Provenance): string {
  const { camera, model, exportedAt, rows, scores } = adaptation;
  const comments = [
    `Proposed by kerbwatch models adapt at ${madeAt}; nothing is changed until it stands in the node's configuration.`,
    `Verdicts: ${oneLine(file)}, sha256 ${sha256}, exported ${exportedAt}. Model: ${model.name} ${model.version}.`,
    ...rows.map(rowComment),
  ];
  const head = comments.map((line) => `# ${line}\n`).join('');
  if (!scores) return `${head}# Nothing to propose.\n`;
  return `${head}cameras:\n  - id: ${JSON.stringify(camera)}\n    scores: ${JSON.stringify(scores)}\n`;
}
