/** Commands: tracking, evaluation, evidence packages, writing of results. */
import { entry } from './entry.ts';

export const toolErrors = {
  TRACK_FORMAT: entry(
    null,
    'detections file is not in MOTChallenge format',
    '检测文件不是 MOTChallenge 格式',
    'A line is not at least seven comma-separated numbers, or its box cannot be.',
    'Correct the line that the message names.',
  ),
  CLI_WRITE: entry(
    null,
    'result cannot be written',
    '无法写入结果',
    'The folder is not there, may not be written to, or is full; or the path is that of the input.',
    'Give another path, in a folder that you may write to.',
  ),
  EVAL_TRUTH: entry(
    null,
    'truth file is not valid',
    '真值文件无效',
    'x.truth.json is missing, not JSON, or lacks fields.',
    'Correct the path that the message names.',
  ),
  EVAL_VERDICTS: entry(
    null,
    'file is not an export of verdicts',
    '文件不是审核结论导出文件',
    'A line is not what GET /api/v1/verdicts sends, or the file was cut off.',
    'Export anew with `kerbwatch models verdicts`, and give the file as it is.',
  ),
  EVAL_FEW_VERDICTS: entry(
    null,
    'there are too few verdicts to learn from',
    '审核结论太少，无法据此调整',
    'The camera needs confirmed and rejected cases of one kind of thing, each found by this model in one box.',
    'Wait for more verdicts, name another camera with --camera, or the model that found them with --model.',
  ),
  VERIFY_FAILED: entry(
    null,
    'evidence package does not verify',
    '证据包校验失败',
    'A hash, a signature or a link of the chain is wrong.',
    'The package was changed after export, or is not complete; ask for a fresh export.',
  ),
  VERIFY_INPUT: entry(
    null,
    'there is no evidence package to check',
    '没有可校验的证据包',
    'The path does not exist, cannot be read, or is a compressed file.',
    'Give the .tar that the console exports, its unpacked folder, or the case.json within; unpack .gz, .zst or .zip first.',
  ),
  VERIFY_TRUST: entry(
    null,
    'trust anchor cannot be used',
    '信任锚不可用',
    '--trust is neither a fingerprint (64 hex digits) nor a file with the hub’s public root.',
    'Ask the hub’s operator for its fingerprint, or for the answer of GET /api/v1/trust as a file.',
  ),
} as const;
