/** Drawn street scenes as real JPEG files: enough to look at, small enough to make in a test. */
import sharp from 'sharp';

export const WIDTH = 1280;
export const HEIGHT = 720;

const street = `
  <defs><linearGradient id="s" x1="0" y1="0" x2="0" y2="1"><stop offset="0" stop-color="#b9c7cf"/><stop offset="1" stop-color="#dfe5e6"/></linearGradient></defs>
  <rect width="1280" height="720" fill="url(#s)"/>
  <rect x="0" y="90" width="420" height="250" fill="#a4826a"/><rect x="420" y="60" width="380" height="280" fill="#8f9aa0"/><rect x="800" y="110" width="480" height="230" fill="#b39a7d"/>
  <g fill="#5d6a72"><rect x="40" y="200" width="110" height="140"/><rect x="190" y="200" width="170" height="140"/><rect x="460" y="190" width="130" height="150"/><rect x="640" y="190" width="120" height="150"/><rect x="850" y="210" width="170" height="130"/><rect x="1070" y="210" width="150" height="130"/></g>
  <g fill="#a23b32"><rect x="30" y="170" width="340" height="26"/><rect x="450" y="160" width="320" height="26"/></g><rect x="840" y="180" width="390" height="26" fill="#2f6f8f"/>
  <polygon points="0,340 1280,340 1280,520 0,560" fill="#b7b2a8"/><polygon points="0,560 1280,520 1280,536 0,580" fill="#d9d3c6"/>
  <polygon points="0,580 1280,536 1280,720 0,720" fill="#5a5f63"/>
  <g fill="#e5dfc5"><polygon points="90,650 240,645 236,655 84,661"/><polygon points="420,640 570,635 568,645 416,650"/><polygon points="760,628 900,623 900,633 758,638"/></g>`;

const bike = (x: number, y: number) =>
  `<g transform="translate(${x} ${y})" fill="none" stroke-width="5"><circle cx="0" cy="0" r="22" stroke="#22282c"/><circle cx="62" cy="0" r="22" stroke="#22282c"/><path d="M0 0 L22 -34 L54 -34 L62 0 M22 -34 L34 0 L54 -34 M16 -42 L28 -42 M50 -46 L60 -46" stroke="#e8b312"/></g>`;

const stall = (x: number, y: number) =>
  `<g transform="translate(${x} ${y})"><polygon points="-110,-150 110,-150 80,-210 -80,-210" fill="#c8402f"/><rect x="-4" y="-150" width="8" height="150" fill="#555"/><rect x="-90" y="-60" width="180" height="60" fill="#7a5a3c"/><g fill="#e59b2d"><circle cx="-60" cy="-68" r="14"/><circle cx="-30" cy="-70" r="14"/><circle cx="0" cy="-68" r="14"/></g><g fill="#5aa04b"><circle cx="34" cy="-68" r="14"/><circle cx="64" cy="-68" r="14"/></g><rect x="104" y="-120" width="34" height="120" rx="14" fill="#38506b"/><circle cx="121" cy="-136" r="16" fill="#d8b08e"/></g>`;

const truck = (x: number, y: number) =>
  `<g transform="translate(${x} ${y})"><rect x="-220" y="-150" width="300" height="110" fill="#3f7d4f"/><polygon points="-210,-150 -150,-196 -60,-206 30,-186 72,-150" fill="#7b5a3a"/><rect x="84" y="-176" width="110" height="136" rx="8" fill="#d7dbdd"/><rect x="120" y="-164" width="66" height="52" fill="#3a4a56"/><g fill="#22282c"><circle cx="-160" cy="-34" r="36"/><circle cx="-76" cy="-34" r="36"/><circle cx="140" cy="-34" r="36"/></g></g>`;

const spill = `<ellipse cx="330" cy="640" rx="150" ry="22" fill="#6d5138" opacity=".85"/>`;

const things = {
  empty: '',
  stall: stall(560, 500),
  shifted: stall(580, 504),
  bikes: [0, 1, 2, 3, 4, 5, 6, 7, 8]
    .map((n) => bike(330 + (n % 5) * 110 + (n > 4 ? 40 : 0), n > 4 ? 500 : 450))
    .join(''),
  few: bike(400, 470) + bike(640, 480),
  truck: truck(640, 640),
  spill,
} as const;
export type Scene = keyof typeof things;

export function drawScene(scene: Scene, camera: string, clock: string): Promise<Buffer> {
  const label = `<text x="24" y="44" font-family="monospace" font-size="26" fill="#fff" stroke="#222" stroke-width="4" paint-order="stroke">${camera}  ${clock}</text>`;
  const svg = `<svg xmlns="http://www.w3.org/2000/svg" width="${WIDTH}" height="${HEIGHT}">${street}${things[scene]}${label}</svg>`;
  return sharp(Buffer.from(svg)).jpeg({ quality: 82 }).toBuffer();
}
