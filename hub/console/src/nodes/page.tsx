/** Nodes and cameras: what is looked at, what is not, and whether anything is missing on the way. */
import { useTranslation } from 'react-i18next';
import { Link } from 'react-router';
import type { CameraBody, NodeView } from '../../../../contracts/api/registry.ts';
import type { CameraStatus } from '../../../../contracts/status.ts';
import { useCalendar, useCameras, useNodes } from '../api/reads.ts';
import { fullTime } from '../format/time.ts';
import { inLanguage, wireWord } from '../i18n/index.ts';
import { EmptyView, FailureView, LoadingView } from '../states/views.tsx';

/** Places of forks named on a card. */
const SHOWN_FORKS = 5;

type Coverage = CameraStatus['state'] | 'unknown';
const coverages: readonly Coverage[] = ['watched', 'degraded', 'blind', 'unknown'];

type CameraLine = { readonly id: string; readonly body: CameraBody | undefined; readonly status: CameraStatus | null };

/** Registered cameras and reported ones: either may lack the other. A node that is offline watches nothing. */
function linesOf(node: NodeView, cameras: readonly CameraBody[]): CameraLine[] {
  const reported = node.status?.cameras ?? {};
  const own = cameras.filter((camera) => camera.node === node.id);
  const ids = [...new Set([...own.map((camera) => camera.id), ...Object.keys(reported)])].sort();
  return ids.map((id) => ({ id, body: own.find((camera) => camera.id === id), status: reported[id] ?? null }));
}

/** Nothing is known of what it watches: it is gone, or was cut off. */
const isAway = (node: NodeView): boolean => node.disabled || node.status?.state === 'offline';

function coverageOf(node: NodeView, line: CameraLine): Coverage {
  if (isAway(node)) return 'blind';
  return line.status?.state ?? 'unknown';
}

function CameraRow({ node, line }: { readonly node: NodeView; readonly line: CameraLine }) {
  const { t } = useTranslation();
  const coverage = coverageOf(node, line);
  const reasons = isAway(node) ? ['offline'] : (line.status?.reasons ?? []);
  return (
    <li className="camera-row">
      <span className={`coverage coverage-${coverage}`}>{t(`nodes.${coverage}`)}</span>
      <span className="camera-name">
        {inLanguage(line.body?.name, line.id)}
        <span className="muted">
          {' '}
          {line.id}
          {line.body !== undefined && ` · ${wireWord('cameraKind', line.body.kind)}`}
        </span>
        {line.body !== undefined && (
          <Link className="camera-memory" to={`/cameras/${encodeURIComponent(line.id)}/memory`}>
            {' '}
            {line.status?.raisedCells === undefined
              ? t('memory.open')
              : t('memory.raisedCells', { count: line.status.raisedCells })}
          </Link>
        )}
      </span>
      <span className="camera-why">
        {reasons.map((reason) => wireWord('health', reason)).join(', ')}
        {line.status?.fault !== undefined && <span className="muted block">{line.status.fault}</span>}
      </span>
      <span className="muted num">{line.status !== null && t('nodes.since', { at: fullTime(line.status.since) })}</span>
    </li>
  );
}

function Figure({ label, value, bad }: { readonly label: string; readonly value: string; readonly bad?: boolean }) {
  return (
    <div className="figure">
      <dt>{label}</dt>
      <dd className={bad === true ? 'num figure-bad' : 'num'}>{value}</dd>
    </div>
  );
}

/** The whole number, then each reason with its own. */
function refusalsText(node: NodeView): string {
  if (node.quarantined === 0) return '0';
  const reasons = node.refusals.map(({ code, messages }) => `${wireWord('refusal', code)} ${messages}`);
  return `${node.quarantined} (${reasons.join(', ')})`;
}

/** The newest few places, by number. */
function forksText(node: NodeView): string {
  const numbers = [...new Set(node.latestForks.map(({ seq }) => seq))].slice(0, SHOWN_FORKS);
  return `${numbers.join(', ')}${node.forks > numbers.length ? ' …' : ''}`;
}

function NodeFigures({ node }: { readonly node: NodeView }) {
  const { t } = useTranslation();
  const missing = node.missing.reduce((sum, [from, to]) => sum + to - from + 1, 0);
  const ranges = node.missing.map(([from, to]) => (from === to ? String(from) : `${from}–${to}`)).join(', ');
  return (
    <dl className="figures">
      <Figure label={t('nodes.version')} value={node.status?.version ?? '—'} />
      <Figure label={t('nodes.seq')} value={String(node.lastSeq)} />
      <Figure
        label={t('nodes.gaps')}
        value={missing === 0 ? t('nodes.noGaps') : `${t('nodes.missing', { count: missing })} (${ranges})`}
        bad={missing > 0}
      />
      <Figure label={t('nodes.quarantined')} value={refusalsText(node)} bad={node.quarantined > 0} />
      <Figure
        label={t('nodes.forks')}
        value={node.forks === 0 ? t('nodes.noForks') : t('nodes.forksAt', { count: node.forks, at: forksText(node) })}
        bad={node.forks > 0}
      />
      <Figure label={t('nodes.lastEvent')} value={node.lastEventAt === null ? '—' : fullTime(node.lastEventAt)} />
    </dl>
  );
}

function NodeCard({ node, cameras }: { readonly node: NodeView; readonly cameras: readonly CameraBody[] }) {
  const { t } = useTranslation();
  const state = node.disabled ? 'disabled' : (node.status?.state ?? 'never');
  const lines = linesOf(node, cameras);
  return (
    <section className="card node-card">
      <div className="node-head">
        <h2>
          <span className={`node-dot node-${state}`} aria-hidden="true" />
          {inLanguage(node.name, node.id)} <span className="muted">{node.id}</span>
        </h2>
        <span className={`node-state node-${state}`}>{t(`nodes.${state}`)}</span>
        {node.status !== null && <span className="muted num">{t('nodes.at', { at: fullTime(node.status.at) })}</span>}
      </div>
      <NodeFigures node={node} />
      {lines.length === 0 ? (
        <p className="muted">{t('nodes.noCameras')}</p>
      ) : (
        <ul className="camera-rows" aria-label={t('nodes.cameras')}>
          {lines.map((line) => (
            <CameraRow key={line.id} node={node} line={line} />
          ))}
        </ul>
      )}
    </section>
  );
}

function Summary({ nodes, cameras }: { readonly nodes: readonly NodeView[]; readonly cameras: readonly CameraBody[] }) {
  const { t } = useTranslation();
  const all = nodes.flatMap((node) => linesOf(node, cameras).map((line) => coverageOf(node, line)));
  return (
    <dl className="coverage-summary" aria-label={t('nodes.summary')}>
      {coverages.map((coverage) => (
        <div key={coverage}>
          <dt className={`coverage coverage-${coverage}`}>{t(`nodes.${coverage}`)}</dt>
          <dd className="num">{all.filter((one) => one === coverage).length}</dd>
        </div>
      ))}
    </dl>
  );
}

/** Deadlines fall on holidays that nobody entered: said where an administrator looks. */
function CalendarNote() {
  const { t } = useTranslation();
  const calendar = useCalendar();
  if (calendar?.endsSoon !== true || calendar.knownUntil === null) return null;
  return (
    <p className="calendar-note" role="status">
      {t('nodes.calendar', { date: calendar.knownUntil })}
    </p>
  );
}

/** `/nodes`: nodes with their cameras, gaps and quarantined messages. */
export function NodesPage() {
  const { t } = useTranslation();
  const read = useNodes();
  const cameras = useCameras().data ?? [];
  return (
    <div className="page">
      <div className="page-head">
        <h1>{t('nodes.title')}</h1>
        {read.data !== undefined && <Summary nodes={read.data} cameras={cameras} />}
      </div>
      <CalendarNote />
      {read.isPending && <LoadingView label={t('states.loading')} />}
      {read.isError && read.data === undefined && (
        <FailureView error={read.error} onRetry={() => void read.refetch()} />
      )}
      {read.data?.length === 0 && <EmptyView title={t('nodes.empty')} />}
      {read.data?.map((node) => (
        <NodeCard key={node.id} node={node} cameras={cameras} />
      ))}
    </div>
  );
}
