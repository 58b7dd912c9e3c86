/** How one notice went: each channel with its state, tries and reason. */
import { useTranslation } from 'react-i18next';
import type { NoticeDelivery } from '../../../../contracts/api/delivery.ts';
import { fullTime } from '../format/time.ts';
import { wireWord } from '../i18n/index.ts';

/** One delivery in a line: what became of it, when, to whom, and why not. */
export function DeliveryLine({ delivery }: { readonly delivery: NoticeDelivery }) {
  const { t } = useTranslation();
  const { state, attempts, nextAt, settledAt, sentTo, reason, settledBy } = delivery;
  const [kind = '', mark] = delivery.channel.split('+');
  const bad = state === 'refused' || state === 'failed';
  return (
    <span className="delivery">
      <strong>{wireWord('channel', kind)}</strong>
      {mark !== undefined && ` · ${wireWord('reminder', mark)}`}{' '}
      <span className={bad ? 'bad' : undefined}>{wireWord('delivery', state)}</span>{' '}
      <span className="muted num">
        {attempts > 1 && `${t('deliveries.attempts', { count: attempts })} · `}
        {settledAt !== null && fullTime(settledAt)}
        {settledAt === null && nextAt !== null && t('deliveries.nextAt', { at: fullTime(nextAt) })}
        {sentTo !== null && ` · ${sentTo}`}
        {settledBy !== null && ` · ${settledBy}`}
      </span>
      {reason !== null && <span className="muted block">{reason}</span>}
    </span>
  );
}

/** Every channel of a notice; nothing where it went by none. */
export function DeliveryList({ deliveries }: { readonly deliveries: readonly NoticeDelivery[] }) {
  const { t } = useTranslation();
  if (deliveries.length === 0) return null;
  return (
    <ul className="plain-list deliveries" aria-label={t('deliveries.ofNotice')}>
      {deliveries.map((delivery) => (
        <li key={delivery.channel}>
          <DeliveryLine delivery={delivery} />
        </li>
      ))}
    </ul>
  );
}
