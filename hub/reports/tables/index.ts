/** Every table of the bulletin, in the order in which it is read. Pure. */
import type { MonthlyReport, ReportTable } from '../../../contracts/api/report.ts';
import type { MonthFigures } from '../../../contracts/api/report-figures.ts';
import { column, type ReportNames, row, table } from './layout.ts';
import { missing } from './missing.ts';
import { assessmentTable, operatorTable, siteTables } from './offices.ts';
import { handlingTables, overviewTable, reviewTables } from './overview.ts';
import { cameraTables, receivedTables, spotTables, timeTables } from './places.ts';
import { both, kindWord, stateWord } from './words.ts';

export { missing } from './missing.ts';

type LaidOut = Pick<MonthlyReport, 'figures' | 'rows' | 'settings'>;

function stateTable(rows: MonthlyReport['rows'], names: ReportNames): ReportTable {
  return table(
    'states',
    both('本月案件现状', 'Cases of the month by state'),
    [
      column('类别', 'Class', 'text'),
      column('状态', 'State', 'text'),
      column('点位', 'Camera', 'text'),
      column('案件', 'Cases', 'count'),
    ],
    rows.map(({ kind, state, camera, cases }) => row([kindWord(kind), stateWord(state), names.camera(camera), cases])),
  );
}

const missingTable = (): ReportTable =>
  table(
    'missing',
    both('本系统不掌握的项目', 'What the hub does not know'),
    [column('项目', 'Field', 'text'), column('原因', 'Reason', 'text')],
    missing.map(({ figure, why }) => row([figure, why])),
  );

/** Tables of a document; that of operators goes where `figures.operators` goes. */
export function tablesOf({ figures, rows, settings }: LaidOut, names: ReportNames): ReportTable[] {
  const operators = (figures as MonthFigures).operators;
  return [
    overviewTable(figures),
    ...receivedTables(figures, names),
    ...reviewTables(figures),
    ...handlingTables(figures, settings.reworkOf),
    assessmentTable(figures, settings.assessment),
    ...timeTables(figures),
    ...spotTables(figures, names),
    ...siteTables(figures, names),
    ...cameraTables(figures, names),
    ...(operators === null ? [] : [operatorTable(operators)]),
    stateTable(rows, names),
    missingTable(),
  ];
}
