/** A button for what cannot be taken back: the second click does it. */
import { Button } from 'antd';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';

type TwiceButtonProps = {
  readonly word: string;
  /** What it is about, for who hears the page. */
  readonly of: string;
  readonly busy: boolean;
  readonly onSure: () => void;
};

/** It forgets the first click when the focus leaves it. */
export function TwiceButton({ word, of, busy, onSure }: TwiceButtonProps) {
  const { t } = useTranslation();
  const [asked, setAsked] = useState(false);
  return (
    <Button
      size="small"
      danger
      loading={busy}
      type={asked ? 'primary' : 'default'}
      aria-label={`${asked ? t('doors.sure') : word}: ${of}`}
      onBlur={() => setAsked(false)}
      onClick={() => (asked ? onSure() : setAsked(true))}
    >
      {asked ? t('doors.sure') : word}
    </Button>
  );
}
