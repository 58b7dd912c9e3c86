/** The hub’s start: database, broker, port, root key, certificate. */
import { entry } from './entry.ts';

export const hubErrors = {
  HUB_DATABASE: entry(
    null,
    'database cannot be used',
    '数据库不可用',
    'The database does not answer, refuses, or has a newer schema than this program.',
    'Check `database`, its server and rights; do not run an older hub on a newer database.',
  ),
  HUB_DATABASE_IN_USE: entry(
    null,
    'another hub works on this database file',
    '该数据库文件正被另一个中心使用',
    'Two hubs on one SQLite file would share a lock and not know of each other.',
    'Stop the other one, or use PostgreSQL, which several hubs may share.',
  ),
  HUB_BROKER: entry(
    null,
    'broker cannot be used',
    '消息服务器不可用',
    'The MQTT broker does not answer, refuses, or its port is taken.',
    'Check `mqtt` and the broker’s log.',
  ),
  HUB_PORT: entry(
    null,
    'port cannot be opened',
    '端口无法打开',
    'Another program listens there, or the port is below 1024.',
    'Choose another `http.port`.',
  ),
  HUB_ROOT_KEY: entry(
    null,
    'root key cannot be used',
    '根密钥不可用',
    'The file is not a private Ed25519 key in PEM form (PKCS #8), or cannot be read or written.',
    'Put the hub’s own key back from its backup. Without one: `openssl genpkey -algorithm ed25519` makes a key.',
  ),
  HUB_ROOT_OTHER: entry(
    null,
    'this database belongs to another root',
    '数据库属于另一个根密钥',
    'Hubs on one database sign with one root key, and this hub has another one or none.',
    'Copy `root-key.pem` from the hub that made it, or from its backup, into `dataDir` (mode 0600), or name it in `trust.key`. Where every copy is lost, `kerbwatch hub --config F --renew-root` begins a new root: packages from before verify with the old fingerprint.',
  ),
  HUB_TLS: entry(
    null,
    'certificate cannot be used',
    '证书不可用',
    'Certificate or key is missing, not PEM, or they do not belong together.',
    'Give a PEM certificate (with its chain) and its private key; `openssl x509 -in FILE -noout -text` shows what is in it.',
  ),
  HUB_UNREACHABLE: entry(
    null,
    'hub cannot be reached',
    '无法连接中心',
    'The address is wrong, the hub does not run, or its certificate is not trusted.',
    'Check --hub; give the authority of a self-made certificate with --ca.',
  ),
  HUB_NO_ADMIN: entry(
    null,
    'no administrator exists yet',
    '尚无管理员',
    'First start outside the demo.',
    'Run `kerbwatch hub --config F --create-admin NAME`; the password is asked for.',
  ),
} as const;
