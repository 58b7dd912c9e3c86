/** A real OpenID Connect provider (oidc-provider) on this machine, whose users log in without a page. */
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import Provider from 'oidc-provider';

export type Account = { readonly sub: string; readonly [claim: string]: unknown };
export const CLIENT = { id: 'kerbwatch', secret: 'a secret between the two' };

/** @param accounts who can log in @param redirectUri where browsers are sent back to, known once the hub listens */
export async function startIdentityProvider(accounts: readonly Account[], redirectUri: () => string) {
  let who = accounts[0]?.sub ?? '';
  let serve: (request: IncomingMessage, response: ServerResponse) => void = (_request, response) => response.end();
  const server = createServer((request, response) => serve(request, response));
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const issuer = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  let provider: Provider | null = null;

  /** Made at the first use: it holds the client's address, and the hub must listen before that is known. */
  function ready(): Provider {
    provider ??= new Provider(issuer, {
      clients: [
        {
          client_id: CLIENT.id,
          client_secret: CLIENT.secret,
          redirect_uris: [redirectUri()],
          token_endpoint_auth_method: 'client_secret_post',
        },
      ],
      cookies: { keys: ['only for tests'] },
      pkce: { required: () => true },
      ttl: { AccessToken: 600, Grant: 600, IdToken: 600, Interaction: 600, Session: 600 },
      claims: { openid: ['sub'], profile: ['preferred_username', 'name', 'groups'] },
      features: { devInteractions: { enabled: false } },
      interactions: { url: (_context, { uid }) => `/interaction/${uid}` },
      findAccount: (_context, sub) => ({
        accountId: sub,
        claims: () => accounts.find((account) => account.sub === sub) ?? { sub },
      }),
      // The city trusts its own hub: nobody is asked whether it may know her name.
      async loadExistingGrant(context) {
        const { client, session } = context.oidc;
        const grant = new (ready().Grant)({ clientId: client?.clientId, accountId: session?.accountId });
        grant.addOIDCScope('openid profile');
        await grant.save();
        return grant;
      },
    });
    return provider;
  }

  serve = (request, response) => {
    const own = ready();
    if (!request.url?.startsWith('/interaction/')) {
      void own.callback()(request, response);
      return;
    }
    void own.interactionFinished(request, response, { login: { accountId: who } });
  };

  return {
    issuer,
    /** Who sits before the browser from now on. */
    signIn(sub: string) {
      who = sub;
    },
    async close() {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}
