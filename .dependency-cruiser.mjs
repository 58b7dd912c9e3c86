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
      name: 'models-are-files-held-to-cards',
      comment: 'A card, its weights and what its family asks of the graph: read and checked without running anything.',
      severity: 'error',
      from: { path: '^edge/models/', pathNot: test },
      to: { path: '^edge/', pathNot: '^edge/(models|domain|detectors|config\\.ts)' },
    },
    {
      name: 'regions-know-no-stage',
      comment:
        'Which parts of a picture get an inference of their own is geometry and a budget; whose detector it is, the pipeline says.',
      severity: 'error',
      from: { path: '^edge/regions/', pathNot: test },
      to: { path: '^edge/', pathNot: '^edge/(regions|domain|geometry|config\\.ts)' },
    },
    {
      name: 'images-are-for-tools',
      comment: 'Commands and scorers read image files and draw on them; a camera line has frames.',
      severity: 'error',
      from: { path: '^edge/(?!images/)', pathNot: test },
      to: { path: '^edge/images/' },
    },
    {
      name: 'images-know-the-domain-only',
      comment: 'A picture is placed as the decoder would place it; what then happens to it is not known there.',
      severity: 'error',
      from: { path: '^edge/images/', pathNot: test },
      to: { path: '^edge/', pathNot: '^edge/(images|domain|geometry)/' },
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
      name: 'sql-in-storage-and-registry',
      comment: 'Decisions about cases stay free of SQL; queries stay where migrations are.',
      severity: 'error',
      from: { path: '^hub/(dedupe|api)/', pathNot: test },
      to: { path: 'node_modules/(kysely|better-sqlite3|pg)/' },
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
