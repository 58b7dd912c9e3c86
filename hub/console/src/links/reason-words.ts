/** Why two cases are likely the same, in words and figures. */
import type { CaseLinkReason } from '../../../../contracts/api/case-link.ts';
import { span } from '../format/time.ts';
import { i18n } from '../i18n/index.ts';

/** @example reasonWords(reason) // ['same plate 闽C12345', 'cameras 180 m apart', '40 s between', 'travel 16 km/h'] */
export function reasonWords({ by, plate, metres, seconds, kmh }: CaseLinkReason): string[] {
  const { t } = i18n;
  return [
    by === 'plate' ? t('link.samePlate', { plate }) : by === 'pass' ? t('link.sameSite') : null,
    metres === null ? null : t(by === 'ground' ? 'link.onGround' : 'link.apart', { metres }),
    seconds === 0 ? t('link.atOnce') : t('link.between', { span: span(seconds * 1000, true) }),
    kmh === null ? null : t('link.travel', { kmh }),
  ].filter((word) => word !== null);
}
