/** Noto Sans SC (SIL Open Font License), from its package; only the glyphs that are used are embedded. */
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';

let fonts: { readonly regular: Buffer; readonly bold: Buffer } | null = null;

/** Read once. */
export function documentFonts(): { readonly regular: Buffer; readonly bold: Buffer } {
  if (!fonts) {
    const folder = dirname(createRequire(import.meta.url).resolve('@expo-google-fonts/noto-sans-sc/package.json'));
    fonts = {
      regular: readFileSync(join(folder, '400Regular', 'NotoSansSC_400Regular.ttf')),
      bold: readFileSync(join(folder, '700Bold', 'NotoSansSC_700Bold.ttf')),
    };
  }
  return fonts;
}
