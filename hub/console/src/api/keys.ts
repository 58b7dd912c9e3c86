/** Names of the cached reads. */
import type { AuditQuery } from '../../../../contracts/api/audit.ts';
import type { CaseQuery } from '../../../../contracts/api/case.ts';

export const keys = {
  session: ['session'] as const,
  cases: ['cases'] as const,
  casePage: (query: CaseQuery) => ['cases', query] as const,
  case: (id: string) => ['case', id] as const,
  haulage: (id: string, plate: string) => ['haulage', id, plate] as const,
  cameras: ['cameras'] as const,
  zones: (camera: string) => ['zones', camera] as const,
  sites: ['sites'] as const,
  nodes: ['nodes'] as const,
  memory: (camera: string) => ['memory', camera] as const,
  calendar: ['calendar'] as const,
  duty: (id: string) => ['duty', id] as const,
  units: ['units'] as const,
  closureCodes: ['closure-codes'] as const,
  /** What a register of this path holds; cameras and sites are also read elsewhere. */
  register: (path: string) => [path.slice(1)] as const,
  audit: (query: AuditQuery) => ['audit', query] as const,
  caseAudit: (id: string, before: number | undefined) => ['audit', 'case', id, before] as const,
  approvals: ['approvals'] as const,
  auditCheck: ['audit-check'] as const,
  notices: (caseId: string) => ['notices', caseId] as const,
  deadLetters: ['dead-letters'] as const,
  ladder: (site: string) => ['ladder', site] as const,
  letters: (site: string) => ['letters', site] as const,
  order: (notice: string) => ['order', notice] as const,
};
