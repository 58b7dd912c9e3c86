/** A real mail server with a mailbox, for tests: it takes, defers or refuses mails as a test wants it to. */
import { readFileSync } from 'node:fs';
import type { AddressInfo } from 'node:net';
import { type ParsedMail, simpleParser } from 'mailparser';
import { SMTPServer, type SMTPServerOptions } from 'smtp-server';
import type { CertificateFiles } from '../certificates.ts';

export type ArrivedMail = {
  readonly mail: ParsedMail;
  readonly to: readonly string[];
  readonly user: string | undefined;
  /** Whether its connection was encrypted. */
  readonly secure: boolean;
};

export type Mailbox = Awaited<ReturnType<typeof openMailbox>>;

const answer = (code: number, text: string) => Object.assign(new Error(text), { responseCode: code });

/** @param options `tls`: offers STARTTLS with this certificate; `login`: asks for it, and never in clear */
export async function openMailbox({
  tls,
  login,
}: {
  readonly tls?: CertificateFiles;
  readonly login?: { readonly user: string; readonly password: string };
} = {}) {
  const arrived: ArrivedMail[] = [];
  const refusals: { readonly at: 'recipient' | 'data'; readonly code: number; readonly text: string }[] = [];
  let commands = '';
  const take = (at: 'recipient' | 'data') => {
    const i = refusals.findIndex((refusal) => refusal.at === at);
    return i < 0 ? null : refusals.splice(i, 1)[0];
  };
  const options: SMTPServerOptions = {
    authOptional: !login,
    disabledCommands: [...(tls ? [] : ['STARTTLS']), ...(login ? [] : ['AUTH'])],
    ...(tls ? { cert: readFileSync(tls.cert), key: readFileSync(tls.key) } : {}),
    disableReverseLookup: true,
    onAuth({ username, password }, _session, done) {
      if (username === login?.user && password === login?.password) done(null, { user: username });
      else done(answer(535, 'wrong password'));
    },
    onRcptTo(_address, _session, done) {
      const refusal = take('recipient');
      done(refusal ? answer(refusal.code, refusal.text) : null);
    },
    onData(stream, session, done) {
      void simpleParser(stream).then((mail) => {
        const refusal = take('data');
        if (refusal) return done(answer(refusal.code, refusal.text));
        arrived.push({
          mail,
          to: session.envelope.rcptTo.map(({ address }) => address),
          user: session.user,
          secure: session.secure,
        });
        done(null);
      }, done);
    },
    onMailFrom(_address, session, done) {
      commands += session.secure ? 'MAIL over TLS\n' : 'MAIL in clear\n';
      done();
    },
  };
  const server = new SMTPServer(options);
  // A client that goes away in the middle of a handshake is no failure of the server.
  server.on('error', () => {});
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.server.address() as AddressInfo;
  return {
    port,
    arrived,
    /** What was begun, mail by mail. */
    commands: () => commands,
    /** The next mail is answered so, once. */
    refuse(code: number, text: string, at: 'recipient' | 'data' = 'recipient') {
      refusals.push({ at, code, text });
    },
    close: () => new Promise<void>((resolve) => server.close(() => resolve())),
  };
}
