/** Which handling limit counts for a case: of the matters of one table, the shortest that fits. Pure. */
import type { MatterBody, MatterLimit } from '../../../contracts/api/matter.ts';
import type { ViolationKind } from '../../../contracts/violations/index.ts';

/** The limit of a kind with these reasons, or null where the table says nothing of it. */
export type LimitTable = (kind: ViolationKind, reasons: readonly string[]) => MatterLimit | null;

/** A working day is eight working hours; how an hour counts is another matter. */
const HOURS: Readonly<Record<MatterLimit['unit'], number>> = { urgent_hour: 1, work_hour: 1, work_day: 8 };

/**
 * Of the matters that name one of the case's reasons and of those for every reason, the shortest limit.
 * @param scheme the table whose limits count
 */
export function limitTable(matters: readonly MatterBody[], scheme: string): LimitTable {
  const own = matters.filter((matter) => matter.scheme === scheme && matter.limit !== null);
  return (kind, reasons) => {
    const fitting = own.filter(
      (matter) =>
        matter.kind === kind && (matter.reasons.length === 0 || matter.reasons.some((word) => reasons.includes(word))),
    );
    return fitting
      .flatMap(({ limit }) => limit ?? [])
      .reduce<MatterLimit | null>(
        (least, limit) =>
          least === null || limit.amount * HOURS[limit.unit] < least.amount * HOURS[least.unit] ? limit : least,
        null,
      );
  };
}
