/** The grounds of a case: what was measured, the rule, where, when, and the machine that says so. */
import { useTranslation } from 'react-i18next';
import type { CaseDetail, CaseEvent } from '../../../../contracts/api/case.ts';
import { violations } from '../../../../contracts/violations/index.ts';
import type { ZoneConfig } from '../../../../contracts/zone.ts';
import { useCamera, useSite } from '../api/reads.ts';
import { positionText } from '../format/places.ts';
import { clockTime, fullTime, span } from '../format/time.ts';
import { useNow } from '../format/use-now.ts';
import { inLanguage } from '../i18n/index.ts';
import { detailLabel, detailText, isSeries } from './detail-value.ts';
import { Fact, FactGroup } from './group.tsx';
import { HaulageTag } from './haulage.tsx';
import { Reports } from './reports.tsx';
import { Spark } from './spark.tsx';

/** The latest event speaks for the case. */
function latestEvent(detail: CaseDetail): CaseEvent | undefined {
  return [...detail.events].sort((a, b) => (a.at < b.at ? 1 : -1))[0];
}

/** Which of several sightings the values are of. */
function useSightingWords({ events }: CaseDetail, event: CaseEvent | undefined): string | null {
  const { t } = useTranslation();
  if (event === undefined || events.length < 2) return null;
  const inTime = [...events].sort((a, b) => (a.startedAt < b.startedAt ? -1 : 1));
  const n = inTime.findIndex((other) => other.id === event.id) + 1;
  return t('facts.ofSighting', { n, total: events.length, at: clockTime(event.startedAt) });
}

type OfEvent = { readonly detail: CaseDetail; readonly event: CaseEvent | undefined };

function Measured({ detail, event }: OfEvent) {
  const { t } = useTranslation();
  const entry = violations[detail.case.kind];
  const values = (event?.detail ?? detail.case.detail ?? {}) as Record<string, unknown>;
  const sighting = useSightingWords(detail, event);
  const site = useSite(detail.case.site);
  return (
    <FactGroup title={t('facts.measured')} lead={sighting}>
      {Object.entries(entry.detailLabels).map(([key, label]) => {
        const value = values[key];
        // A field that the event does not have says nothing; one that is null says that it is not known.
        if (value === undefined) return null;
        const name = detailLabel(key, inLanguage(label));
        return (
          <Fact key={key} label={name} strong>
            {isSeries(value) ? (
              <Spark series={value} label={name} />
            ) : site !== undefined && value === site.id ? (
              inLanguage(site.name)
            ) : (
              detailText(detail.case.kind, key, value)
            )}
          </Fact>
        );
      })}
      {detail.haulage !== null && (
        <Fact label={t('facts.haulage')}>
          {detail.haulage.plate} <HaulageTag check={detail.haulage} />
        </Fact>
      )}
      <Fact label={t('facts.score')}>{Math.round((event?.score ?? detail.case.score) * 100)} %</Fact>
    </FactGroup>
  );
}

function Where({ detail, zone }: { readonly detail: CaseDetail; readonly zone: ZoneConfig | undefined }) {
  const { t } = useTranslation();
  const camera = useCamera(detail.case.camera);
  const site = useSite(detail.case.site);
  const place = detail.case.location ?? camera?.location ?? null;
  return (
    <FactGroup title={t('facts.where')}>
      {detail.case.camera === '' ? (
        <Fact label={t('reported.district')}>
          {detail.case.district == null ? (
            t('reported.districtUnknown')
          ) : (
            <span className="num">{detail.case.district}</span>
          )}
        </Fact>
      ) : (
        <>
          <Fact label={t('facts.camera')}>
            {inLanguage(camera?.name, detail.case.camera)}
            <span className="muted block">{detail.case.camera}</span>
          </Fact>
          <Fact label={t('facts.zone')}>{inLanguage(zone?.name, detail.case.zone)}</Fact>
        </>
      )}
      {detail.case.site !== null && <Fact label={t('facts.site')}>{inLanguage(site?.name, detail.case.site)}</Fact>}
      {place !== null && (
        <Fact label={t('facts.place')}>
          <span className="num">{positionText(place)}</span>
        </Fact>
      )}
    </FactGroup>
  );
}

function When({ detail }: { readonly detail: CaseDetail }) {
  const { t } = useTranslation();
  const now = useNow();
  const { startedAt, endedAt, lastSeenAt, openedAt } = detail.case;
  const whole = detail.events.length > 1 ? t('facts.wholeCase') : null;
  return (
    <FactGroup title={[t('facts.when'), whole, t('time.zone')].filter(Boolean).join(' · ')}>
      <Fact label={t('facts.started')}>
        <span className="num">{fullTime(startedAt)}</span>
      </Fact>
      <Fact label={t('facts.ended')}>
        {endedAt === null ? (
          <span className="ongoing">
            {t('facts.ongoing')} · {span(now - new Date(startedAt).getTime())}
          </span>
        ) : (
          <span className="num">{fullTime(endedAt)}</span>
        )}
      </Fact>
      <Fact label={t('facts.lastSeen')}>
        <span className="num">{fullTime(lastSeenAt)}</span>
      </Fact>
      <Fact label={t('facts.opened')}>
        <span className="num">{fullTime(openedAt)}</span>
      </Fact>
    </FactGroup>
  );
}

function Machine({ detail, event }: OfEvent) {
  const { t } = useTranslation();
  const entry = violations[detail.case.kind];
  return (
    <FactGroup title={event === undefined ? t('reported.filing') : t('facts.machine')}>
      {event !== undefined && (
        <>
          <Fact label={t('facts.rule')}>
            {inLanguage(entry.summary)}
            <span className="muted block" title={event.rule.params}>
              {event.rule.version} · {event.rule.params.slice(0, 10)}
            </span>
          </Fact>
          <Fact label={t('facts.model')}>
            {event.model.name} {event.model.version}
            <span className="muted block" title={event.model.sha256}>
              {event.model.sha256.slice(0, 10)}
            </span>
          </Fact>
        </>
      )}
      {detail.case.node !== '' && <Fact label={t('facts.node')}>{detail.case.node}</Fact>}
      <Fact label={t('facts.matters')}>
        {entry.matters.map((matter) => (
          <span key={matter.scheme} className="block num">
            {matter.code} <span className="muted">{matter.scheme}</span>
          </span>
        ))}
      </Fact>
    </FactGroup>
  );
}

type FactsProps = {
  readonly detail: CaseDetail;
  readonly zone: ZoneConfig | undefined;
  /** The sighting whose still is shown: its values are told, not those of another. */
  readonly event: CaseEvent | undefined;
};

/** What was measured, where, when and by what. @param event of which sighting; default: the latest */
export function Facts({ detail, zone, event = latestEvent(detail) }: FactsProps) {
  const { t } = useTranslation();
  const seen = detail.events.length > 0;
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: it scrolls, and arrows must be able to scroll it
    <aside className="facts" aria-label={t('facts.title')} tabIndex={0}>
      {seen && <Measured detail={detail} event={event} />}
      <Reports detail={detail} />
      <Where detail={detail} zone={zone} />
      {seen && <When detail={detail} />}
      <Machine detail={detail} event={event} />
    </aside>
  );
}
