/** The reminder to correct (整改提醒，违规告知): software may send it once an operator has confirmed the case. */
import type { NoticeTemplate } from './template.ts';

export const reminderTemplate: NoticeTemplate = {
  title: { zh: '整改提醒（违规告知）', en: 'Violation notice (reminder to correct)' },
  subtitle: {
    zh: '{issuer}　编号 {number}　案件 {caseNumber}　{issuedAt}（北京时间）',
    en: '{issuer}   No. {number}   Case {caseNumber}   {issuedAt} (Beijing time)',
  },
  sections: [
    {
      heading: { zh: '一、工地', en: '1. Site' },
      lines: [
        { label: { zh: '工地名称', en: 'Site' }, value: '{site}' },
        { label: { zh: '地址', en: 'Address' }, value: '{address}' },
        { label: { zh: '施工许可', en: 'Building permit' }, value: '{permitNumber}' },
        { label: { zh: '建设单位', en: 'Developer' }, value: '{developer}' },
        { label: { zh: '施工单位', en: 'Contractor' }, value: '{contractor}' },
        { label: { zh: '负责人', en: 'Manager' }, value: '{manager}　{managerPhone}' },
        { label: { zh: '处置责任书', en: 'Responsibility letter' }, value: '{responsibilityLetter}' },
      ],
    },
    {
      heading: { zh: '二、发现的情况', en: '2. What was found' },
      lines: [
        { label: { zh: '问题', en: 'Found' }, value: '{found}' },
        { label: { zh: '时间', en: 'When' }, value: '{period}' },
        { label: { zh: '出入口 / 摄像机', en: 'Gate / camera' }, value: '{camera}' },
        { list: 'kindFacts' },
      ],
    },
    {
      heading: { zh: '三、依据与应尽义务', en: '3. Legal basis and duty' },
      lines: [
        { list: 'legalBasis' },
        {
          text: {
            zh: '上述情况涉嫌未履行前述规定的义务：{found}。',
            en: 'What was found suggests that this duty was not met: {found}.',
          },
        },
      ],
    },
    {
      heading: { zh: '四、整改要求', en: '4. What to correct' },
      lines: [
        { list: 'requirements' },
        {
          text: {
            zh: '请于 {deadline}（北京时间）前完成整改，并在答复页面上传整改照片或写明整改情况。',
            en: 'Correct it by {deadline} (Beijing time), and send photos of the correction, or say what was done, on the reply page.',
          },
        },
      ],
    },
    {
      heading: { zh: '五、逾期未整改', en: '5. If it is not corrected in time' },
      lines: [
        {
          text: {
            zh: '逾期未整改的，将由经办人员依次：计入月度通报；约谈负责人；记入信用管理；移送有权机关依法处理。',
            en: 'The office may then, step by step and each by a named officer: list it in the monthly bulletin, summon the manager for a talk, enter it in the credit record, and refer it to the competent authority.',
          },
        },
      ],
    },
    {
      heading: { zh: '六、陈述申辩、查询与答复', en: '6. Your rights, and how to answer' },
      lines: [
        {
          text: {
            zh: '如有异议，您有权陈述和申辩：请于 {statementBy}（北京时间）前在答复页面提交，或与我们联系。画面和办理情况可在同一页面查询。',
            en: 'You have the right to state and defend: do so by {statementBy} (Beijing time) on the reply page, or contact us. The pictures and the state of the matter are shown on the same page.',
          },
        },
        { list: 'reply' },
      ],
    },
    {
      heading: { zh: '七、经办与联系', en: '7. Contact' },
      lines: [
        { label: { zh: '经办单位', en: 'Office' }, value: '{issuer}' },
        { label: { zh: '确认人', en: 'Confirmed by' }, value: '{confirmedBy}' },
        { label: { zh: '联系电话', en: 'Phone' }, value: '{contact}' },
      ],
    },
    {
      heading: { zh: '八、画面', en: '8. Pictures' },
      lines: [
        { list: 'stills' },
        {
          text: {
            zh: '人脸及无关车辆号牌已作模糊处理。原始证据按上列 SHA-256 留存备查。',
            en: 'Faces and the plates of vehicles not involved are blurred. The originals are kept under the SHA-256 given.',
          },
        },
      ],
    },
    { heading: { zh: '九、送达记录', en: '9. Service record' }, lines: [{ list: 'service' }] },
  ],
  footer: {
    zh: '本提醒由算法辅助发现，经值班人员 {confirmedBy} 人工确认。本提醒不是处罚决定。',
    en: 'Algorithm-assisted, confirmed by operator {confirmedBy}. This notice is not a penalty.',
  },
};
