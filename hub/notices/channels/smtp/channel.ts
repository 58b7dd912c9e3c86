/** By mail to the site's manager: over TLS unless it is stated otherwise, the document attached. */
import { readFile } from 'node:fs/promises';
import { isIP } from 'node:net';
import { resolve } from 'node:path';
import { type Static, Type } from '@sinclair/typebox';
import { createTransport } from 'nodemailer';
import { valueAt } from '../../../../platform/file-references.ts';
import { readSecret } from '../../../../platform/secret.ts';
import type { Channel, ChannelParts, DeliverableNotice, DeliveryResult } from '../contract.ts';
import { reasons } from '../reasons.ts';
import { secretReference } from '../secret-reference.ts';
import { isMailAddress, maskedAddress } from './address.ts';
import { mailOf } from './mail.ts';

const config = Type.Object(
  {
    host: Type.String({ minLength: 1, description: 'Mail server that takes our mails' }),
    port: Type.Optional(
      Type.Integer({ minimum: 1, maximum: 65535, default: 587, description: '587 for starttls, 465 for tls' }),
    ),
    encryption: Type.Optional(
      Type.Union([Type.Literal('starttls'), Type.Literal('tls'), Type.Literal('none')], {
        default: 'starttls',
        description:
          'A server that does not offer it gets no mail. `none` sends in clear: for a relay on this machine or in a network of its own',
      }),
    ),
    ca: Type.Optional(
      Type.String({ minLength: 1, description: 'CA certificate file (PEM), where it is not a public one' }),
    ),
    user: Type.Optional(Type.String({ minLength: 1 })),
    password: Type.Optional(secretReference('Password of `user`')),
    from: Type.String({
      maxLength: 254,
      pattern: '^[^\\s@<>,;:"]+@[^\\s@<>,;:"]+$',
      description: 'Address that mails come from, without a name',
    }),
  },
  { additionalProperties: false, description: 'Mail to the manager whom the site registry names' },
);
type SmtpConfig = Static<typeof config>;

/** A mail larger than this is refused by many servers; the document is then left to the page. */
const MAX_ATTACHED = 7 * 1024 * 1024;
const CONNECT_MS = 10_000;
const SILENCE_MS = 25_000;
const MAX_RECEIPT = 200;

/** Answers that speak of our log-in or of TLS (RFC 4954 §6, RFC 3207 §4): the office can put them right. */
const OURS: ReadonlySet<number> = new Set([530, 534, 535, 538]);

type SmtpFailure = Error & { readonly code?: string; readonly responseCode?: number; readonly response?: string };

/** Whether the server has refused this mail for good (RFC 5321 §4.2.1: 5yz). */
function isForGood({ code, responseCode = 0 }: SmtpFailure): boolean {
  const ofThisMail = code === 'EENVELOPE' || code === 'EMESSAGE';
  return ofThisMail && responseCode >= 500 && responseCode < 600 && !OURS.has(responseCode);
}

const isLoopback = (host: unknown) =>
  host === 'localhost' || host === '::1' || (typeof host === 'string' && isIP(host) === 4 && host.startsWith('127.'));

async function openTransport(settings: SmtpConfig, configDir: string) {
  const { host, encryption = 'starttls', user, password, ca } = settings;
  const secure = encryption === 'tls';
  const auth =
    user === undefined ? {} : { auth: { user, pass: password ? await readSecret(password, configDir) : '' } };
  return createTransport({
    ...{ host, port: settings.port ?? (secure ? 465 : 587), secure, ...auth },
    ...{ requireTLS: encryption === 'starttls', ignoreTLS: encryption === 'none' },
    tls: { minVersion: 'TLSv1.2', ...(ca ? { ca: await readFile(resolve(configDir, ca)) } : {}) },
    ...{ connectionTimeout: CONNECT_MS, greetingTimeout: CONNECT_MS, socketTimeout: SILENCE_MS },
    ...{ disableFileAccess: true, disableUrlAccess: true },
  });
}

/** Why this notice can go to nobody by mail, or null. */
function refusalOf({ link, recipient, content }: DeliverableNotice): string | null {
  if (link === null) return reasons.noLink;
  const { email = '' } = recipient;
  if (email.trim() === '') return reasons.noAddress(content.site.id);
  if (!isMailAddress(email.trim())) return reasons.badAddress(content.site.id);
  return null;
}

async function send(notice: DeliverableNotice, settings: SmtpConfig, parts: ChannelParts): Promise<DeliveryResult> {
  const reason = refusalOf(notice);
  if (reason !== null) return { state: 'refused', reason };
  const { content, link, recipient } = notice;
  const address = recipient.email?.trim() ?? '';
  const pdf = await notice.document();
  const attached = pdf.length <= MAX_ATTACHED;
  const transport = await openTransport(settings, parts.configDir);
  try {
    const { response } = await transport.sendMail({
      from: { name: content.issuer, address: settings.from },
      to: { name: recipient.name, address },
      // The same each time: a mail that is sent again is known by it (RFC 5322 §3.6.4).
      messageId: `<${notice.reminder === null ? '' : `${notice.reminder}.`}${notice.id}@${settings.from.split('@')[1]}>`,
      headers: { 'Auto-Submitted': 'auto-generated' },
      ...mailOf(notice, link ?? '', attached),
      attachments: attached
        ? [{ filename: `${content.number}.pdf`, content: pdf, contentType: 'application/pdf' }]
        : [],
    });
    return { state: 'delivered', sent: { to: maskedAddress(address), receipt: response.slice(0, MAX_RECEIPT) } };
  } catch (error) {
    const failure = error as SmtpFailure;
    if (isForGood(failure)) return { state: 'refused', reason: failure.response ?? failure.message };
    // A new error: that of the library may carry what was said in the log-in.
    throw new Error(failure.code === 'ETLS' ? reasons.noTls : (failure.response ?? failure.message));
  } finally {
    transport.close();
  }
}

export const smtp: Channel<typeof config> = {
  kind: 'smtp',
  config,
  reminds: true,
  open: (settings, parts) => (notice) => send(notice, settings, parts),
  references(own) {
    const inClear = valueAt(own, 'encryption') === 'none' && !isLoopback(valueAt(own, 'host'));
    return {
      secrets: { password: valueAt(own, 'password') },
      files: { ca: valueAt(own, 'ca') },
      faults: [
        ...(inClear && valueAt(own, 'password') !== undefined
          ? [{ path: 'encryption', message: 'a password is not sent in clear to another machine: starttls or tls' }]
          : []),
        ...((valueAt(own, 'user') === undefined) !== (valueAt(own, 'password') === undefined)
          ? [{ path: 'user', message: 'user and password go together' }]
          : []),
      ],
    };
  },
};
