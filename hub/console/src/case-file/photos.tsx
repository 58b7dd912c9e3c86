/** Photographs of a place after handling, each opening in full. */
import { useTranslation } from 'react-i18next';
import type { CaseDetail } from '../../../../contracts/api/case.ts';
import { fullTime } from '../format/time.ts';
import { evidenceUrl } from '../stills/picture.tsx';

/** The pictures alone; nothing where there are none. */
export function PhotoRow({ photos }: { readonly photos: CaseDetail['photos'] }) {
  const { t } = useTranslation();
  if (photos === undefined || photos.length === 0) return null;
  return (
    <ul className="photo-row">
      {photos.map(({ sha256, at, by }) => (
        <li key={`${sha256} ${at}`}>
          <a href={evidenceUrl(sha256)} target="_blank" rel="noreferrer">
            <img src={evidenceUrl(sha256)} alt={t('unit.photoAlt', { at: fullTime(at) })} loading="lazy" />
          </a>
          <span className="muted num">
            {fullTime(at)} · {by}
          </span>
        </li>
      ))}
    </ul>
  );
}

/** The section of the case file. */
export function AfterPhotos({ detail }: { readonly detail: CaseDetail }) {
  const { t } = useTranslation();
  if ((detail.photos ?? []).length === 0) return null;
  return (
    <section className="card">
      <h2>{t('unit.photos')}</h2>
      <PhotoRow photos={detail.photos} />
    </section>
  );
}
