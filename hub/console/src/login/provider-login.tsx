/** Log-in at the city's identity provider, where the hub has one; and why it was refused. */
import { useQuery } from '@tanstack/react-query';
import { Alert, Button } from 'antd';
import { useTranslation } from 'react-i18next';
import type { OidcOffer } from '../../../../contracts/api/oidc.ts';
import { apiUrl, request, withQuery } from '../api/request.ts';
import { inLanguage } from '../i18n/index.ts';

export type ProviderLoginProps = { readonly next: string | null; readonly refused: string | null };

/** Nothing on a hub with local accounts alone. */
export function ProviderLogin({ next, refused }: ProviderLoginProps) {
  const { t, i18n } = useTranslation();
  const offer = useQuery({ queryKey: ['oidc'], queryFn: () => request<OidcOffer>('/session/oidc'), retry: false });
  if (offer.data?.enabled !== true) return null;
  const why = `login.refused.${refused}`;
  return (
    <div className="provider-login">
      {refused !== null && (
        <Alert
          type="error"
          showIcon
          role="alert"
          title={i18n.exists(why) ? t(why as never) : t('login.refused.API_OIDC')}
        />
      )}
      <Button size="large" block href={apiUrl(withQuery('/session/oidc/start', { next: next ?? undefined }))}>
        {inLanguage(offer.data.label, t('login.provider'))}
      </Button>
    </div>
  );
}
