/** Notices to the site's manager, their state, and what came back. */
import { Tag } from 'antd';
import { useTranslation } from 'react-i18next';
import type { CaseDetail } from '../../../../contracts/api/case.ts';
import type { NoticeDelivery } from '../../../../contracts/api/delivery.ts';
import type { NoticeView } from '../../../../contracts/api/notice.ts';
import { describeProblem } from '../api/problem.ts';
import { useDeliveries, useNotices, useSite } from '../api/reads.ts';
import { apiUrl } from '../api/request.ts';
import { DeliveryList } from '../deliveries/list.tsx';
import { fullTime } from '../format/time.ts';
import { inLanguage, wireWord } from '../i18n/index.ts';
import { CorrectionOrder } from '../orders/correction-order.tsx';
import { mayDecide, useSession } from '../shell/session.tsx';
import { evidenceUrl } from '../stills/picture.tsx';

function Replies({ notice }: { readonly notice: NoticeView }) {
  const { t } = useTranslation();
  if (notice.replies.length === 0) return null;
  return (
    <ul className="plain-list replies" aria-label={t('file.replies')}>
      {notice.replies.map((reply) => (
        <li key={`${reply.at}/${reply.kind}`}>
          <strong>{t(`file.reply.${reply.kind}`)}</strong> {reply.name}{' '}
          <span className="muted num">{fullTime(reply.at)}</span>
          {reply.text !== null && <p className="entry-note">{reply.text}</p>}
          {(reply.photos ?? []).map((sha256) => (
            <a key={sha256} href={evidenceUrl(sha256)} target="_blank" rel="noreferrer">
              <img className="thumb" src={evidenceUrl(sha256)} alt={t('file.reply.correction')} />
            </a>
          ))}
        </li>
      ))}
    </ul>
  );
}

type NoticeProps = {
  readonly notice: CaseDetail['notices'][number];
  readonly full: NoticeView | undefined;
  readonly deliveries: readonly NoticeDelivery[];
};

function Notice({ notice, full, deliveries }: NoticeProps) {
  const { t } = useTranslation();
  const site = useSite(notice.site);
  const handles = mayDecide(useSession());
  const state = full?.state ?? notice.state;
  return (
    <li className="plain-row">
      <strong className="num">{notice.number}</strong>
      <Tag>{wireWord('notice', state)}</Tag>
      <span>{inLanguage(site?.name, notice.site)}</span>
      {full !== undefined && <span className="muted">{t('file.correctBy', { at: fullTime(full.correctBy) })}</span>}
      {state === 'drafted' && full?.readyAt != null && full.merged === undefined && (
        <span className="muted">{t('file.notReady', { at: fullTime(full.readyAt) })}</span>
      )}
      {full?.merged !== undefined && (
        <span className="muted">
          {full.merged.number === null
            ? t('file.gathering', { at: fullTime(full.merged.sendAt) })
            : t('file.merged', { number: full.merged.number })}
        </span>
      )}
      <span className="notice-links">
        {state !== 'drafted' && (
          <a href={apiUrl(`/notices/${encodeURIComponent(notice.id)}.pdf`)} target="_blank" rel="noreferrer">
            {t('file.pdf')}
          </a>
        )}
        {full?.link != null && (
          <a href={full.link} target="_blank" rel="noreferrer">
            {t('file.managerPage')}
          </a>
        )}
      </span>
      {state !== 'drafted' && <DeliveryList deliveries={deliveries} />}
      {full !== undefined && <Replies notice={full} />}
      {handles && state !== 'drafted' && state !== 'withdrawn' && <CorrectionOrder notice={notice.id} />}
    </li>
  );
}

/** Notices of a case: state, PDF, link for the site manager, replies. */
export function Notices({ detail }: { readonly detail: CaseDetail }) {
  const { t } = useTranslation();
  const ids = detail.notices.map((notice) => notice.id);
  const read = useNotices(detail.case.id, ids);
  const full = read.data;
  const deliveries = useDeliveries(detail.case.id, ids, mayDecide(useSession())).data;
  return (
    <section className="card">
      <h2>{t('file.notices')}</h2>
      {read.isError && full === undefined && (
        <p className="bad" role="alert">
          {t('file.noticesFailed')} — {describeProblem(read.error)}
        </p>
      )}
      {detail.notices.length === 0 ? (
        <p className="muted">{t('file.noNotices')}</p>
      ) : (
        <ul className="plain-list">
          {detail.notices.map((notice) => (
            <Notice
              key={notice.id}
              notice={notice}
              full={full?.find((view) => view.id === notice.id)}
              deliveries={deliveries?.get(notice.id) ?? []}
            />
          ))}
        </ul>
      )}
    </section>
  );
}
