/** English words of correction orders. */
import type { orders as zh } from '../zh/orders.ts';

export const orders: typeof zh = {
  order_state: { draft: 'Draft', approved: 'Approved', served: 'Served', cancelled: 'Cancelled' },
  order: {
    title: 'Correction order',
    draft: 'Draft one',
    fill: 'Fill in',
    save: 'Save the draft',
    approve: 'Approve',
    otherPerson: 'Who wrote it does not approve it',
    approvedBy: 'approved by {{name}}',
    missing: 'Lacks: {{what}}',
    officers: 'two officers with certificates',
    officer: 'Officer {{n}}',
    certificate: 'Certificate {{n}}',
    orderNumber: 'document number',
    party: 'party',
    reconsiderationBody: 'body of reconsideration',
    court: 'court',
    deadline: 'Correct by',
    legalBasis: 'Legal basis (one a line)',
    requirements: 'What to correct (one a line)',
    served: 'Record service',
    method: 'How it was served',
    recipient: 'Received by',
    servedOn: 'Day of service',
  },
};
