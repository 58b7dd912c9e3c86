/**
 * The hub's tables, for the query layer. The same on SQLite and PostgreSQL: text for instants (RFC 3339 UTC sorts)
 * and for JSON, integers for booleans.
 */
import type { ApprovalsTable } from './tables/approvals.ts';
import type { AuditHeadTable, AuditTable } from './tables/audit.ts';
import type {
  CaseHistoryTable,
  CasesTable,
  CorrectionOrdersTable,
  NoticeDeliveriesTable,
  NoticeRepliesTable,
  NoticesTable,
} from './tables/cases.ts';
import type {
  ApiKeysTable,
  CitizenReportsTable,
  ReportContactsTable,
  WebhookDeliveriesTable,
  WebhooksTable,
} from './tables/doors.ts';
import type {
  EventsTable,
  ForksTable,
  MessagesTable,
  ObservationHoursTable,
  QuarantineTable,
} from './tables/events.ts';
import type { EventEvidenceTable, EvidenceAccessTable, EvidenceTable } from './tables/evidence.ts';
import type { ResponsibilityLettersTable, SiteStepsTable } from './tables/ladder.ts';
import type { ClosureListsTable, MattersTable } from './tables/limits.ts';
import type { CameraMemoryTable, MemoryOrdersTable } from './tables/memory.ts';
import type { NodeKeysTable, NodesTable, SeqGapsTable, TrustRootTable } from './tables/nodes.ts';
import type {
  CamerasTable,
  CarriersTable,
  CountersTable,
  PermitsTable,
  SessionsTable,
  SitesTable,
  StallPointsTable,
  UsersTable,
} from './tables/registry.ts';
import type { MonthlyReportsTable } from './tables/reports.ts';
import type { CasePhotosTable, UnitsTable } from './tables/units.ts';

export type Database = {
  nodes: NodesTable;
  node_keys: NodeKeysTable;
  trust_root: TrustRootTable;
  seq_gaps: SeqGapsTable;
  messages: MessagesTable;
  events: EventsTable;
  quarantine: QuarantineTable;
  forks: ForksTable;
  cases: CasesTable;
  case_history: CaseHistoryTable;
  evidence: EvidenceTable;
  event_evidence: EventEvidenceTable;
  evidence_access: EvidenceAccessTable;
  cameras: CamerasTable;
  sites: SitesTable;
  permits: PermitsTable;
  carriers: CarriersTable;
  stall_points: StallPointsTable;
  users: UsersTable;
  sessions: SessionsTable;
  notices: NoticesTable;
  notice_replies: NoticeRepliesTable;
  notice_deliveries: NoticeDeliveriesTable;
  correction_orders: CorrectionOrdersTable;
  site_steps: SiteStepsTable;
  responsibility_letters: ResponsibilityLettersTable;
  counters: CountersTable;
  observation_hours: ObservationHoursTable;
  camera_memory: CameraMemoryTable;
  memory_orders: MemoryOrdersTable;
  units: UnitsTable;
  case_photos: CasePhotosTable;
  matters: MattersTable;
  closure_lists: ClosureListsTable;
  monthly_reports: MonthlyReportsTable;
  approvals: ApprovalsTable;
  audit: AuditTable;
  audit_head: AuditHeadTable;
  citizen_reports: CitizenReportsTable;
  report_contacts: ReportContactsTable;
  api_keys: ApiKeysTable;
  webhooks: WebhooksTable;
  webhook_deliveries: WebhookDeliveriesTable;
};
