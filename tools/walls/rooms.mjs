/**
 * The rooms of the house and which rooms each may import. `.dependency-cruiser.mjs` makes a wall of every row, and
 * `npm run generate` writes the table of docs/architecture.md from it: what is said there is what is held.
 */

/**
 * @typedef {object} Room
 * @property {string} name a folder; with `/*` the files that lie in it, not its folders
 * @property {string} holds one line for people
 * @property {string} [why] the reason of its wall
 * @property {readonly string[]} imports names of rooms, each with all that lies below; `*` for everything
 * @property {boolean} [pure] no file, clock, randomness or library of Node: a replay gives the same bytes
 */

const shell = ['contracts', 'platform', 'edge/domain', 'edge/geometry'];
const hub = ['contracts', 'platform', 'hub/*', 'hub/storage'];

/** @type {readonly Room[]} */
export const rooms = [
  {
    name: 'contracts',
    holds: 'the wire: events, acks, status, violations, API bodies, errors, topics',
    why: 'The wire is what two programs agree on; it may depend on neither.',
    imports: [],
  },
  {
    name: 'platform',
    holds:
      'what both sides use: clock, calendar, log, configuration, signing, sleep, disposer; `package/`: exported cases as `verify` reads them',
    why: 'What both sides use must know neither side.',
    imports: ['contracts'],
  },
  {
    name: 'edge/domain',
    holds: 'Frame, Detection, Track, Scene, Rule, model cards: types and ids',
    imports: ['contracts'],
    pure: true,
  },
  {
    name: 'edge/geometry',
    holds: 'boxes, polygons, homography, assignment, schedule windows, small arithmetic',
    imports: ['contracts', 'edge/domain'],
    pure: true,
  },
  {
    name: 'edge/motion',
    holds: 'change detection: is this frame worth an inference',
    why: 'It can be read, tested and moved alone.',
    imports: ['contracts', 'edge/domain', 'edge/geometry'],
    pure: true,
  },
  {
    name: 'edge/detectors',
    holds: 'one folder a detector family: its outputs, shape check, decode to bounding boxes; non-maximum suppression',
    why: 'A family can be read, tested and moved alone.',
    imports: ['contracts', 'edge/domain', 'edge/geometry'],
    pure: true,
  },
  {
    name: 'edge/tracker',
    holds: 'detections to tracks: association, Kalman filter',
    why: 'It can be read, tested and moved alone.',
    imports: ['contracts', 'edge/domain', 'edge/geometry'],
    pure: true,
  },
  {
    name: 'edge/rules',
    holds: 'one folder a violation: scenes to findings and observations',
    why: 'Changing how something is seen must not change what it means, and the other way round.',
    imports: ['contracts', 'edge/domain', 'edge/geometry'],
    pure: true,
  },
  {
    name: 'edge/health',
    holds: 'health of a camera’s view: dark, blurred, covered, moved, frozen, low rate',
    imports: ['contracts', 'edge/domain', 'edge/geometry'],
    pure: true,
  },
  {
    name: 'edge/memory',
    holds: 'camera memory: where the detector draws boxes and nothing ever happens; the bar that rises there',
    imports: ['contracts', 'edge/domain', 'edge/geometry'],
    pure: true,
  },
  {
    name: 'edge/background',
    holds: 'background model of a camera: what its places look like while nothing passes, and since when',
    why: 'It can be read, tested and moved alone.',
    imports: ['contracts', 'edge/domain', 'edge/geometry'],
    pure: true,
  },
  {
    name: 'edge/regions',
    holds: 'far zones: their regions, budget and inference at full detail; samples of the ground',
    imports: ['contracts', 'edge/*', 'edge/domain', 'edge/geometry'],
    pure: true,
  },
  {
    name: 'edge/models',
    holds: 'model cards, weights, licences: read, fetched, checked',
    imports: [...shell, 'edge/*', 'edge/detectors'],
  },
  {
    name: 'edge/inference',
    holds: 'ONNX Runtime sessions in worker threads and their queue: the only import of onnxruntime-node',
    imports: [...shell, 'edge/models', 'edge/detectors'],
  },
  {
    name: 'edge/images',
    holds: 'image files for commands and scorers: read, placed as the decoder would, boxes drawn',
    why: 'A camera line has frames, not files.',
    imports: ['contracts', 'platform', 'edge/domain', 'edge/geometry'],
  },
  {
    name: 'edge/media',
    holds: 'FFmpeg in process, the only import of node-av: demux, decode, scale, encode',
    why: 'Demuxing, decoding and encoding know pixels and packets, not what they are for.',
    imports: [...shell],
  },
  {
    name: 'edge/source',
    holds: 'one folder a protocol: camera or file to frames with true timestamps; reconnect, watchdog, packet ring',
    imports: [...shell, 'edge/*', 'edge/media'],
  },
  {
    name: 'edge/evidence',
    holds: 'stills and clips: kept, encoded, written and fsynced',
    imports: [...shell, 'edge/*', 'edge/media'],
  },
  {
    name: 'edge/outbox',
    holds:
      'the durable store of events and of hours of counts: sequence, chain, signature, delivery; retention of evidence',
    why: 'What was found is safe whatever becomes of the stages that found it.',
    imports: ['contracts', 'platform', 'edge/domain'],
  },
  {
    name: 'edge/uplink',
    holds: 'MQTT events and acks, heartbeat, observations, orders carried out; evidence by HTTP PUT',
    why: 'What is sent does not depend on how it was found.',
    imports: ['contracts', 'platform'],
  },
  {
    name: 'edge/pipeline',
    holds: 'one camera = one straight line of stages; the probe of one camera',
    why: 'Only here is the order of the stages known.',
    imports: [
      ...shell,
      'edge/*',
      'edge/background',
      'edge/evidence',
      'edge/health',
      'edge/memory',
      'edge/motion',
      'edge/outbox',
      'edge/regions',
      'edge/rules',
      'edge/source',
      'edge/tracker',
    ],
  },
  {
    name: 'edge/hosts',
    holds: 'processes that run whole camera lines beside the main process',
    imports: [...shell, 'edge'],
  },
  {
    name: 'edge/*',
    holds: 'the node: main process, camera host, replay, configuration',
    why: 'Edge and hub run on different machines and are updated at different times: they meet in contracts alone.',
    imports: ['contracts', 'platform', 'edge'],
  },
  {
    name: 'hub/dedupe',
    holds: 'events to incidents: order and repetition do not matter',
    why: 'The same events give the same incidents on any database.',
    imports: ['contracts'],
    pure: true,
  },
  {
    name: 'hub/cases/lifecycle',
    holds: 'which step is lawful: transitions, claims, deadlines in working time',
    why: 'What is lawful is decided without a database.',
    imports: ['contracts'],
    pure: true,
  },
  {
    name: 'hub/storage',
    holds: 'migrations and queries, SQLite and PostgreSQL: all SQL of the hub',
    imports: ['contracts', 'platform'],
  },
  {
    name: 'hub/registry',
    holds: 'who may come in and sign: users, nodes, their passwords and keys, the root key; sites and permits',
    imports: [...hub],
  },
  {
    name: 'hub/cases',
    holds: 'commands of operators, case details, the audit trail',
    imports: [...hub, 'hub/cases/lifecycle', 'hub/dedupe', 'hub/registry'],
  },
  {
    name: 'hub/ingest',
    holds: 'messages of nodes: validate, commit, then acknowledge; quarantine',
    imports: [...hub, 'hub/cases', 'hub/dedupe'],
  },
  {
    name: 'hub/memory',
    holds: 'what cameras remember: maps of nodes, orders to them, decisions of cases on their way back',
    imports: [...hub],
  },
  {
    name: 'hub/evidence',
    holds: 'files by their hash: uploads, access, retention, the check of stored bytes',
    imports: [...hub],
  },
  {
    name: 'hub/notices',
    holds: 'notices: document, page, answers; one folder a channel, and their delivery outbox',
    why: 'A case is told to a site; files and people are what they are, whatever is told.',
    imports: [...hub, 'hub/cases'],
  },
  {
    name: 'hub/reports/figures',
    holds: 'figures of a month from its facts: rates with their denominators, quantiles, places and hours',
    why: 'The same facts give the same figures, without a database or a clock.',
    imports: ['contracts'],
    pure: true,
  },
  {
    name: 'hub/reports',
    holds: 'the monthly bulletin: facts read, tables, sign-off and versions; one file a format',
    imports: [...hub, 'hub/cases', 'hub/cases/lifecycle', 'hub/registry', 'hub/reports/figures'],
  },
  {
    name: 'hub/intake',
    holds: 'reports of citizens: which case each joins or opens, whom to call; keys of the systems that hand them in',
    imports: [...hub, 'hub/cases', 'hub/cases/lifecycle', 'hub/dedupe'],
  },
  {
    name: 'hub/webhooks',
    holds: 'other systems that are told when cases change: where they may lie, signed messages, their queue',
    why: 'Whoever changes a case knows nothing of who is told.',
    imports: [...hub],
  },
  {
    name: 'hub/upkeep',
    holds: 'a hub from the outside: backup, restore, examination of database, chains and files',
    imports: [...hub, 'hub/cases', 'hub/evidence', 'hub/registry', 'hub/reports'],
  },
  {
    name: 'hub/broker',
    holds: 'the embedded MQTT broker with per-node credentials and topic rules',
    why: 'It asks for a verdict on each log-in and knows of no password.',
    imports: ['contracts', 'platform', 'hub/*'],
  },
  {
    name: 'hub/api',
    holds: 'HTTP: routes call commands and reads',
    imports: [
      ...hub,
      'hub/cases',
      'hub/evidence',
      'hub/intake',
      'hub/memory',
      'hub/notices',
      'hub/registry',
      'hub/reports',
      'hub/webhooks',
    ],
  },
  {
    name: 'hub/client',
    holds: 'what an administrator does through the API from a terminal: log-in, nodes',
    imports: ['contracts', 'platform'],
  },
  {
    name: 'hub/console',
    holds: 'the web app: talks to the API alone',
    why: 'The browser gets types from contracts and data from HTTP, nothing else.',
    imports: ['contracts'],
  },
  {
    name: 'hub/*',
    holds: 'the hub: start and end, broker and listening, TLS, sweeps, configuration; tries of a queue, rounds, seal',
    why: 'Hub and edge run on different machines and are updated at different times: they meet in contracts alone.',
    imports: ['contracts', 'platform', 'hub'],
  },
  {
    name: 'evaluation/metrics',
    holds: 'COCO AP, intervals, calibration',
    imports: ['contracts', 'edge/domain', 'edge/geometry', 'evaluation/truth'],
    pure: true,
  },
  {
    name: 'evaluation/truth',
    holds: 'truth beside clips, labels of images, MOTChallenge text',
    imports: ['contracts', 'platform'],
    pure: true,
  },
  {
    name: 'evaluation/scoring',
    holds: 'events, boxes and gate passes against the truth of one clip',
    why: 'A scorer that runs the rule it judges sees another rule than the line does.',
    imports: ['contracts', 'edge/domain', 'edge/geometry', 'evaluation/metrics', 'evaluation/truth'],
    pure: true,
  },
  {
    name: 'evaluation/adapt',
    holds: 'what verdicts of operators say of one camera’s thresholds and calibration: read, fitted, proposed',
    why: 'A proposal is the same whoever makes it, and applies nothing.',
    imports: ['contracts', 'platform', 'edge/domain', 'edge/geometry', 'evaluation/metrics'],
    pure: true,
  },
  {
    name: 'evaluation/report',
    holds: 'all clips in figures, the recorded bar, the page of failures',
    imports: [
      'contracts',
      'platform',
      'edge/domain',
      'edge/geometry',
      'evaluation/metrics',
      'evaluation/truth',
      'evaluation/scoring',
    ],
    pure: true,
  },
  {
    name: 'evaluation/run',
    holds: 'plays clips and images through the edge and writes what came out',
    imports: ['contracts', 'platform', 'edge', 'evaluation'],
  },
  {
    name: 'test-media',
    holds: 'scenes with truth and their renderer; a camera for tests; the clips that ship',
    imports: ['contracts', 'platform', 'evaluation/truth'],
  },
  {
    name: 'demo',
    holds: 'hub and edge on the shipped clips in one process',
    imports: ['contracts', 'platform', 'edge', 'hub', 'evaluation/truth', 'evaluation/scoring'],
  },
  {
    name: 'sim',
    holds: 'a city’s fleet of nodes without cameras: what they tell by seed, sent by the edge’s own outbox and uplink',
    why: 'What it sends is what nodes send; what it knows of a hub is what a node and an administrator know.',
    imports: ['contracts', 'platform', 'edge', 'hub/client'],
  },
  { name: 'cli', holds: '`kerbwatch <command>`: one file a command; what it does lies in its room', imports: ['*'] },
  { name: 'bench', holds: 'speed against its ceiling in the same run', imports: ['*'] },
  { name: 'tools', holds: 'set-up, generators of schemas and docs', imports: ['*'] },
  { name: 'tests', holds: 'what crosses walls', imports: ['*'] },
];
