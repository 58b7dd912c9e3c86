/**
 * The correction order (责令改正通知书), a legal document: software fills in what is known and never sends it. Officers,
 * certificates, approval and seal are people's (行政处罚法 arts. 28, 42, 61).
 */
import type { NoticeTemplate } from './template.ts';

export const correctionOrderTemplate: NoticeTemplate = {
  title: { zh: '责令改正通知书', en: 'Order to correct' },
  subtitle: { zh: '{issuer}　{orderNumber}', en: '{issuer}   {orderNumber}' },
  sections: [
    {
      heading: { zh: '一、当事人', en: '1. Party' },
      lines: [
        { label: { zh: '单位', en: 'Party' }, value: '{party}' },
        { label: { zh: '工地', en: 'Site' }, value: '{site}' },
        { label: { zh: '地址', en: 'Address' }, value: '{address}' },
        { label: { zh: '施工许可', en: 'Building permit' }, value: '{permitNumber}' },
        { label: { zh: '负责人', en: 'Person in charge' }, value: '{manager}　{managerPhone}' },
        { label: { zh: '处置责任书', en: 'Responsibility letter' }, value: '{responsibilityLetter}' },
      ],
    },
    {
      heading: { zh: '二、查明的情况', en: '2. Findings' },
      lines: [
        {
          text: {
            zh: '{period}，在{camera}，发现：{found}。此前已以整改提醒 {number} 告知。',
            en: '{period}, at {camera}: {found}. Notified before by notice {number}.',
          },
        },
        { list: 'kindFacts' },
      ],
    },
    {
      heading: { zh: '三、责令改正', en: '3. Order' },
      lines: [
        { text: { zh: '上述行为涉嫌违反：', en: 'This is suspected to breach:' } },
        { list: 'legalBasis' },
        {
          text: {
            zh: '依据《中华人民共和国行政处罚法》第二十八条第一款，现责令于 {deadline}（北京时间）前改正：',
            en: 'Under article 28(1) of the Administrative Penalty Law you are ordered to correct it by {deadline} (Beijing time):',
          },
        },
        { list: 'requirements' },
      ],
    },
    {
      heading: { zh: '四、权利', en: '4. Rights' },
      lines: [
        {
          text: {
            zh: '您有权陈述和申辩。如不服本通知，可自收到之日起六十日内向 {reconsiderationBody} 申请行政复议，或自收到之日起六个月内向 {court} 提起行政诉讼。',
            en: 'You have the right to state and defend. You may apply to {reconsiderationBody} for reconsideration within sixty days of receipt, or bring an action before {court} within six months of receipt.',
          },
        },
      ],
    },
    {
      heading: { zh: '五、执法人员与审批', en: '5. Officers and approval' },
      lines: [
        { list: 'officers' },
        { label: { zh: '审批人', en: 'Approved by' }, value: '{approvedBy}　{approvedAt}' },
        { label: { zh: '联系电话', en: 'Phone' }, value: '{contact}' },
        { list: 'signatures' },
      ],
    },
    { heading: { zh: '六、送达', en: '6. Service' }, lines: [{ list: 'service' }] },
  ],
  footer: {
    zh: '情况由算法辅助发现，经值班人员 {confirmedBy} 人工确认；本文书由执法人员填写、审批并加盖印章后生效。',
    en: 'Algorithm-assisted, confirmed by operator {confirmedBy}. Valid only when filled in by officers, approved and sealed.',
  },
};
