/** The walls of the house: who may import whom, each rule with its reason. `tests/walls` plants violations and must see them caught. */
import { pureFiles, roomWalls } from './tools/walls/room-walls.mjs';

const test = '\\.test\\.ts$';

/** @type {import('dependency-cruiser').IConfiguration} */
export default {
  forbidden: [
    ...roomWalls,
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
      name: 'pure-code-has-no-outside',
      comment: 'Replays give the same bytes only where no clock, file or randomness can be reached.',
      severity: 'error',
      from: { path: pureFiles, pathNot: test },
      to: { dependencyTypes: ['core'] },
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
      comment: 'One inference runtime, replaced in one place.',
      severity: 'error',
      from: { pathNot: ['^edge/inference/', '^bench/', test, '^tests/'] },
      to: { path: 'node_modules/onnxruntime-node/' },
    },
    {
      name: 'commands-only-declare',
      comment:
        'A command declares its options and calls one function: files, addresses and sums lie in the room it calls.',
      severity: 'error',
      from: { path: '^cli/commands/' },
      to: { dependencyTypes: ['core', 'npm'], pathNot: 'node_modules/commander/' },
    },
    {
      name: 'sql-in-storage',
      comment: 'Queries stay where the migrations are, so that a table is changed in one room.',
      severity: 'error',
      from: { path: '^hub/', pathNot: ['^hub/storage/', test] },
      to: { path: 'node_modules/(kysely|better-sqlite3|pg)/' },
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
