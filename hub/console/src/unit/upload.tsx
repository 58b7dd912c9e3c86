/** Photographs after handling: chosen or taken with the phone, sent one by one, each failure said by name. */
import { CameraOutlined } from '@ant-design/icons';
import { useQueryClient } from '@tanstack/react-query';
import { App } from 'antd';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { CaseDetail } from '../../../../contracts/api/case.ts';
import { keys } from '../api/keys.ts';
import { describeProblem } from '../api/problem.ts';
import { sendPhoto } from '../api/units.ts';
import { PhotoRow } from '../case-file/photos.tsx';
import { shrink } from './shrink.ts';

function useUpload(caseId: string) {
  const { t } = useTranslation();
  const { message } = App.useApp();
  const client = useQueryClient();
  const [progress, setProgress] = useState<{ done: number; total: number } | null>(null);
  const send = async (files: readonly File[]) => {
    let arrived = 0;
    setProgress({ done: 0, total: files.length });
    for (const [i, file] of files.entries()) {
      try {
        await sendPhoto(caseId, await shrink(file));
        arrived += 1;
      } catch (error) {
        void message.error(t('unit.photoFailed', { name: file.name, why: describeProblem(error) }), 8);
      }
      setProgress({ done: i + 1, total: files.length });
    }
    setProgress(null);
    await client.invalidateQueries({ queryKey: keys.case(caseId) });
    if (arrived > 0) void message.success(t('unit.uploaded'));
  };
  return { send, progress };
}

/** The pictures that are here, and the way to bring more while the case is being handled. */
export function UploadSection({ detail }: { readonly detail: CaseDetail }) {
  const { t } = useTranslation();
  const { send, progress } = useUpload(detail.case.id);
  const open = detail.case.state === 'dispatched' || detail.case.state === 'handling';
  if (!open && (detail.photos ?? []).length === 0) return null;
  return (
    <section className="card unit-section">
      <h2>{t('unit.photos')}</h2>
      {open && <p className="muted">{t('unit.photosHint')}</p>}
      <PhotoRow photos={detail.photos} />
      {open && (
        <label className={progress === null ? 'photo-button' : 'photo-button photo-busy'}>
          <CameraOutlined aria-hidden />
          <span role="status">{progress === null ? t('unit.addPhoto') : t('unit.uploading', progress)}</span>
          <input
            type="file"
            accept="image/jpeg,image/png"
            multiple
            aria-label={t('unit.addPhoto')}
            disabled={progress !== null}
            onChange={({ target }) => {
              const files = [...(target.files ?? [])];
              // The same file may be chosen again after a failure.
              target.value = '';
              if (files.length > 0) void send(files);
            }}
          />
        </label>
      )}
    </section>
  );
}
