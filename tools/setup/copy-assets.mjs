/** Files that the compiler does not carry into dist/: the browser side of the scene renderer. */
import { cpSync, existsSync } from 'node:fs';

const assets = ['test-media/scenes/page'];
for (const folder of assets) if (existsSync(folder)) cpSync(folder, `dist/${folder}`, { recursive: true });
