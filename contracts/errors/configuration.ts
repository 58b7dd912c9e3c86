/** Configuration, and the programs that it needs. */
import { entry } from './entry.ts';

export const configurationErrors = {
  CFG_NOT_FOUND: entry(
    null,
    'configuration file cannot be read',
    '无法读取配置文件',
    'The path is wrong or the file is not readable by this user.',
    'Check the path given to --config and the file’s rights.',
  ),
  CFG_SYNTAX: entry(
    null,
    'configuration is not valid YAML',
    '配置不是有效的 YAML',
    'Indentation, a tab or a missing quote.',
    'Correct the line and column that the message names.',
  ),
  CFG_INVALID: entry(
    null,
    'configuration is not valid',
    '配置无效',
    'One or more keys are unknown, missing or out of bounds; every fault is listed with its path.',
    'Correct each path listed; docs/configuration.md and configs/schema describe every key.',
  ),
  CFG_SECRET: entry(
    null,
    'secret cannot be read',
    '无法读取密钥',
    'A `file:` or `env:` reference points at nothing.',
    'Create the file (mode 0600) or set the environment variable.',
  ),
  CFG_KEY: entry(
    null,
    'not the public key of a node',
    '不是节点公钥',
    'An Ed25519 public key in PEM form is expected.',
    'Take what `kerbwatch edge --config F --public-key` prints on the box.',
  ),
  CFG_PROGRAM_MISSING: entry(
    null,
    'a required program is missing',
    '缺少所需程序',
    'FFmpeg or another program was not found.',
    'Install it with the system’s package manager; `kerbwatch doctor` lists what is missing.',
  ),
} as const;
