/** What others are told of a change: by the trail's entry and what never changes of the case. No person, plate or note. */
import type { CaseState } from '../../contracts/api/case.ts';
import type { CaseSource } from '../../contracts/api/case-source.ts';
import type { WebhookEvent, WebhookMessage } from '../../contracts/api/webhook.ts';
import type { ViolationKind } from '../../contracts/violations/index.ts';
import type { CaseRow } from '../storage/cases.ts';
import type { WebhookDeliveryRow } from '../storage/webhook-deliveries.ts';

/** @param state that the entry of the trail has brought the case into */
export function webhookMessage(
  { event, at }: Pick<WebhookDeliveryRow, 'event' | 'at'>,
  row: CaseRow,
  state: string,
): WebhookMessage {
  const { lon, lat } = row;
  return {
    type: event as WebhookEvent,
    timestamp: at,
    data: {
      case: row.id,
      number: row.number,
      kind: row.kind as ViolationKind,
      source: row.source as CaseSource,
      state: state as CaseState,
      openedAt: row.opened_at,
      location: lon === null || lat === null ? null : { lon, lat },
      district: row.district,
    },
  };
}
