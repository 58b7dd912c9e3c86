/** The walls of the house: who may import whom, each rule with its reason. `tests/walls` plants violations and must see them caught. */

const pure =
  '^(edge/(domain|geometry|motion|detectors|tracker|rules)|hub/dedupe|hub/cases/lifecycle|evaluation/(metrics|truth|scoring|report))/';
const test = '\\.test\\.ts$';

/** @type {import('dependency-cruiser').IConfiguration} */
export default {
  forbidden: [
    {
      name: 'no-cycles',
      comment: 'A circle has no first file to read, and no part that can be tested alone.',
      severity: 'error',
      from: {},
      to: { circular: true },
    },
    {
      name: 'contracts-stand-alone',
      comment: 'The wire is what two programs agree on; it may depend on neither. TypeBox only.',
      severity: 'error',
      from: { path: '^contracts/', pathNot: test },
      to: { pathNot: ['^contracts/', 'node_modules/@sinclair/typebox/'] },
    },
    {
      name: 'platform-below-both',
      comment: 'What both sides use must know neither side.',
      severity: 'error',
      from: { path: '^platform/', pathNot: test },
      to: { path: '^(edge|hub|cli|evaluation|bench|demo|tests|tools|test-media)/' },
    },
    {
      name: 'edge-and-hub-meet-in-contracts',
      comment: 'They run on different machines and are updated at different times.',
      severity: 'error',
      from: { path: '^edge/', pathNot: test },
      to: { path: '^hub/' },
    },
    {
      name: 'hub-never-imports-edge',
      comment: 'They run on different machines and are updated at different times.',
      severity: 'error',
      from: { path: '^hub/', pathNot: test },
      to: { path: '^edge/' },
    },
    {
      name: 'pure-code-has-no-outside',
      comment: 'Replays give the same bytes only where no clock, file or randomness can be reached.',
      severity: 'error',
      from: { path: pure, pathNot: test },
      to: { dependencyTypes: ['core'] },
    },
    {
      name: 'edge-pure-parts-know-the-domain-only',
      comment: 'A rule or a detector can be read, tested and moved alone.',
      severity: 'error',
      from: { path: '^edge/(motion|detectors|tracker|rules)/', pathNot: test },
      to: {
        path: '^(edge|hub|cli|platform)/',
        pathNot: ['^edge/(domain|geometry)/', '^edge/(motion|detectors|tracker|rules)/'],
      },
    },
    {
      name: 'no-sibling-rules',
      comment: 'Changing one violation must not be able to change another.',
      severity: 'error',
      from: { path: '^edge/rules/([^/]+)/', pathNot: test },
      to: { path: '^edge/rules/([^/]+)/', pathNot: '^edge/rules/$1/' },
    },
    {
      name: 'no-sibling-detectors',
      comment: 'A family is decoded on its own; what two share lies beside them, not in one of them.',
      severity: 'error',
      from: { path: '^edge/detectors/([^/]+)/', pathNot: test },
      to: { path: '^edge/detectors/([^/]+)/', pathNot: '^edge/detectors/$1/' },
    },
    {
      name: 'node-av-in-one-room',
      comment:
        'The library that demuxes, decodes and encodes has traps that kill a process: they are known in one place.',
      severity: 'error',
      from: { pathNot: ['^edge/media/', '^bench/', test, '^tests/'] },
      to: { path: 'node_modules/(node-av|@seydx)/' },
    },
    {
      name: 'media-below-the-stages',
      comment: 'Demuxing, decoding and encoding know pixels and packets, not what they are for.',
      severity: 'error',
      from: { path: '^edge/media/', pathNot: test },
      to: { path: '^edge/', pathNot: '^edge/(media|domain)/' },
    },
    {
      name: 'media-for-the-stages-that-see-pixels',
      comment:
        'Only what reads a camera or keeps a picture needs the library, which the node’s main process never loads.',
      severity: 'error',
      from: { path: '^edge/', pathNot: ['^edge/(media|source|evidence|pipeline)/', test] },
      to: { path: '^edge/media/' },
    },
    {
      name: 'edge-stages-never-meet',
      comment: 'Only the pipeline knows the order of the stages; inference may decode with detectors, in its worker.',
      severity: 'error',
      from: {
        path: '^edge/(source|motion|health|inference|detectors|tracker|rules|evidence|outbox|uplink)/',
        pathNot: test,
      },
      to: {
        path: '^edge/(source|motion|health|inference|detectors|tracker|rules|evidence|outbox|uplink|pipeline)/',
        pathNot: ['^edge/$1/', '^edge/detectors/'],
      },
    },
    {
      name: 'detectors-only-from-inference',
      comment: 'The exception of the rule above is for inference alone.',
      severity: 'error',
      from: { path: '^edge/(source|motion|health|tracker|rules|evidence|outbox|uplink|pipeline)/', pathNot: test },
      to: { path: '^edge/detectors/' },
    },
    {
      name: 'main-process-holds-no-pixels',
      comment: 'What a stream can break lives in camera hosts; the process with the outbox loads none of it.',
      severity: 'error',
      from: { path: '^edge/(main|hosts/(?!run-host)[^/]+)\\.ts$', pathNot: test },
      to: {
        path: '^edge/(source|motion|inference|detectors|tracker|rules|evidence|health|media)/',
        dependencyTypesNot: ['type-only'],
      },
    },
    {
      name: 'onnxruntime-in-one-room',
      comment: 'One inference runtime, replaced in one place; the doctor only asks what it can do.',
      severity: 'error',
      from: { pathNot: ['^edge/inference/', '^cli/support/look-at-machine', '^bench/', test, '^tests/'] },
      to: { path: 'node_modules/onnxruntime-node/' },
    },
    {
      name: 'hub-pure-parts-know-contracts-only',
      comment:
        'What joins events and what moves a case are read and tested without a database, a clock or a neighbour.',
      severity: 'error',
      from: { path: '^(hub/dedupe|hub/cases/lifecycle)/', pathNot: test },
      to: { pathNot: ['^contracts/', '^$1/'] },
    },
    {
      name: 'sql-in-storage',
      comment: 'Queries stay where the migrations are, so that a table is changed in one room.',
      severity: 'error',
      from: { path: '^hub/', pathNot: ['^hub/storage/', test] },
      to: { path: 'node_modules/(kysely|better-sqlite3|pg)/' },
    },
    {
      name: 'storage-lowest-in-the-hub',
      comment: 'Tables know nothing of what is made of their rows.',
      severity: 'error',
      from: { path: '^hub/storage/', pathNot: test },
      to: { path: '^hub/', pathNot: '^hub/storage/' },
    },
    {
      name: 'hub-rooms-never-meet',
      comment: 'Only hub/main knows which rooms there are; what two of them need lies below both.',
      severity: 'error',
      from: { path: '^hub/(broker|evidence|ingest|notices|registry)/', pathNot: test },
      to: { path: '^hub/(api|broker|evidence|ingest|notices|registry)/', pathNot: '^hub/$1/' },
    },
    {
      name: 'cases-below-ingest-and-notices',
      comment:
        'A case is opened by ingest and told to a site by notices; it knows of neither. Permits it asks of registry.',
      severity: 'error',
      from: { path: '^hub/cases/', pathNot: test },
      to: { path: '^hub/(api|broker|evidence|ingest|notices)/' },
    },
    {
      name: 'cases-only-from-ingest-notices-api',
      comment: 'Nodes, users, files and connections are what they are, whatever cases come of them.',
      severity: 'error',
      from: { path: '^hub/(broker|dedupe|evidence|registry)/', pathNot: test },
      to: { path: '^hub/cases/' },
    },
    {
      name: 'api-calls-commands-and-reads',
      comment:
        'A request becomes a command of cases, notices, evidence or registry, or a read; it decides nothing itself.',
      severity: 'error',
      from: { path: '^hub/api/', pathNot: test },
      to: { path: '^hub/(broker|dedupe|ingest|cases/lifecycle)/' },
    },
    {
      name: 'nothing-imports-tools-or-tests',
      comment: 'Generators and tests are leaves.',
      severity: 'error',
      from: { path: '^(contracts|platform|edge|hub|cli|evaluation|demo)/', pathNot: test },
      to: { path: '^(tools|tests)/' },
    },
    {
      name: 'console-talks-to-the-api-only',
      comment: 'The browser gets types from contracts and data from HTTP, nothing else.',
      severity: 'error',
      from: { path: '^hub/console/' },
      to: { path: '^(edge|platform|cli|hub/(?!console))' },
    },
  ],
  options: {
    doNotFollow: { path: 'node_modules' },
    exclude: { path: '(^dist/|^test-media/scenes/page/)' },
    tsPreCompilationDeps: true,
    tsConfig: { fileName: 'tsconfig.json' },
    enhancedResolveOptions: {
      exportsFields: ['exports'],
      conditionNames: ['import', 'require', 'node', 'default', 'types'],
    },
  },
};
