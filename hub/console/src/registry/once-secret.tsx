/** A secret that is shown once: read, copied, put away by hand. */
import { Button, Input } from 'antd';
import { useEffect, useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';

type OnceSecretProps = { readonly label: string; readonly secret: string; readonly onDone: () => void };

/** It takes the focus, so that who works by keyboard is told of it. */
export function OnceSecret({ label, secret, onDone }: OnceSecretProps) {
  const { t } = useTranslation();
  const [copied, setCopied] = useState<boolean | null>(null);
  const copy = useRef<HTMLButtonElement>(null);
  useEffect(() => copy.current?.focus(), []);
  const write = () =>
    navigator.clipboard.writeText(secret).then(
      () => setCopied(true),
      () => setCopied(false),
    );
  return (
    <section className="card once-secret" aria-label={label}>
      <h2>{label}</h2>
      <p>{t('doors.once')}</p>
      <div className="once-secret-line">
        <Input readOnly value={secret} aria-label={label} onFocus={({ target }) => target.select()} />
        {/* Without https a browser has no clipboard for pages. */}
        <Button ref={copy} type="primary" onClick={() => (navigator.clipboard ? void write() : setCopied(false))}>
          {t('doors.copy')}
        </Button>
        <Button onClick={onDone}>{t('doors.done')}</Button>
      </div>
      <p role="status" className={copied === false ? 'bad' : 'good'}>
        {copied === true && t('doors.copied')}
        {copied === false && t('doors.copyFailed')}
      </p>
    </section>
  );
}
