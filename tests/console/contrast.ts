/** Letters on a page that do not stand out enough from what lies behind them (WCAG 1.4.3), measured in the browser. */

/**
 * Colours are resolved by a canvas, as the page mixes some of them. Left out: what is disabled or hidden from readers,
 * and what lies on a picture, whose colours nobody chose.
 */
export const FAINT = `(() => {
  const canvas = document.createElement('canvas');
  canvas.width = canvas.height = 1;
  const context = canvas.getContext('2d', { willReadFrequently: true });
  const rgba = (colour) => {
    context.clearRect(0, 0, 1, 1);
    context.fillStyle = colour;
    context.fillRect(0, 0, 1, 1);
    const [r, g, b, a] = context.getImageData(0, 0, 1, 1).data;
    return [r, g, b, a / 255];
  };
  const over = (top, below) => [0, 1, 2].map((i) => top[i] * top[3] + below[i] * (1 - top[3])).concat(1);
  const ground = (element) => {
    const layers = [];
    for (let e = element; e; e = e.parentElement) layers.unshift(rgba(getComputedStyle(e).backgroundColor));
    return layers.reduce((below, top) => over(top, below), [255, 255, 255, 1]);
  };
  const light = (colour) => {
    const [r, g, b] = colour.map((v) => (v / 255 <= 0.04045 ? v / 255 / 12.92 : ((v / 255 + 0.055) / 1.055) ** 2.4));
    return 0.2126 * r + 0.7152 * g + 0.0722 * b;
  };
  const ratio = (a, b) => (Math.max(light(a), light(b)) + 0.05) / (Math.min(light(a), light(b)) + 0.05);
  const apart = ':disabled, [aria-disabled="true"], [aria-hidden="true"], .pane, .frame, .box';
  const found = [];
  const judge = (element, style, text) => {
    const below = ground(element);
    const size = Number.parseFloat(style.fontSize);
    const large = size >= 24 || (size >= 18.66 && Number(style.fontWeight) >= 700);
    const measured = ratio(over(rgba(style.color), below), below);
    if (measured < (large ? 3 : 4.5)) found.push(measured.toFixed(2) + ' ' + text.trim().slice(0, 40));
  };
  for (const element of document.querySelectorAll('body *')) {
    if (element.closest(apart) || element.getClientRects().length === 0) continue;
    if (getComputedStyle(element).visibility === 'hidden') continue;
    const own = [...element.childNodes].filter((node) => node.nodeType === 3).map((node) => node.textContent).join('');
    if (own.trim() !== '') judge(element, getComputedStyle(element), own);
    const hint = element.getAttribute('placeholder');
    if (hint && !element.value) judge(element, getComputedStyle(element, '::placeholder'), hint);
  }
  return [...new Set(found)];
})()`;
