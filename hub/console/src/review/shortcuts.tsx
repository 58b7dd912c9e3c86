/** The list of keys. */
import { Modal } from 'antd';
import { useTranslation } from 'react-i18next';

/** A key as it is drawn beside what it does. */
export function Key({ children }: { readonly children: string }) {
  return (
    <span className="key" aria-hidden="true">
      {children}
    </span>
  );
}

type Line = readonly [keys: readonly string[], word: string];

function KeyGroup({ title, lines }: { readonly title: string; readonly lines: readonly Line[] }) {
  return (
    <section>
      <h3>{title}</h3>
      <dl className="key-list">
        {lines.map(([names, word]) => (
          <div key={word}>
            <dt>
              {names.map((name) => (
                <kbd key={name}>{name}</kbd>
              ))}
            </dt>
            <dd>{word}</dd>
          </div>
        ))}
      </dl>
    </section>
  );
}

type ShortcutsProps = { readonly open: boolean; readonly decides: boolean; readonly onClose: () => void };

/** @param props.decides whether this role may decide: keys that do nothing are not promised */
export function Shortcuts({ open, decides, onClose }: ShortcutsProps) {
  const { t } = useTranslation();
  const decide: Line[] = [
    [['C', 'Enter'], t('keys.confirm')],
    [['R'], t('keys.reject')],
    [['F'], t('keys.field')],
    [['X'], t('keys.fixture')],
    [['G'], t('keys.linkMerge')],
    [['H'], t('keys.linkRefuse')],
    [['U'], t('keys.undo')],
    [['N'], t('keys.note')],
    [['L'], t('keys.plate')],
  ];
  const look: Line[] = [
    [['←', '→'], t('keys.still')],
    [['M'], t('keys.clip')],
    [['Space'], t('keys.flicker')],
    [['V'], t('keys.mode')],
    [['Z'], t('keys.zoom')],
    [['B'], t('keys.boxes')],
    [['P'], t('keys.zone')],
  ];
  const move: Line[] = [
    [['J', '↓'], t('keys.next')],
    [['K', '↑'], t('keys.previous')],
    [['O'], t('keys.open')],
    [['Esc'], t('keys.close')],
    [['?'], t('keys.help')],
  ];
  return (
    <Modal open={open} onCancel={onClose} footer={null} title={t('keys.title')} width={760} transitionName="">
      <div className="key-groups">
        {decides && <KeyGroup title={t('keys.decide')} lines={decide} />}
        <KeyGroup title={t('keys.look')} lines={look} />
        <KeyGroup title={t('keys.move')} lines={move} />
      </div>
    </Modal>
  );
}
