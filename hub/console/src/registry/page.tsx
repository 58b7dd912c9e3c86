/** `/registry/…`: sites, permits, cameras, units, matters, closure codes, keys, webhooks, users and the others, each in its room. */
import { useTranslation } from 'react-i18next';
import { Navigate, NavLink, useParams } from 'react-router';
import { ApprovalsRoom } from '../approvals/room.tsx';
import { useSession } from '../shell/session.tsx';
import { NotFoundPage } from '../states/views.tsx';
import { AuditRoom } from './audit-room.tsx';
import { CalendarRoom } from './calendar-room.tsx';
import { ClosureRoom } from './closure-room.tsx';
import { KeysRoom } from './keys-room.tsx';
import { MattersRoom } from './matters-room.tsx';
import { RegisterRoom } from './register-room.tsx';
import { registerRooms, roomsOf } from './rooms.ts';
import { WebhooksRoom } from './webhooks-room.tsx';

/** The rooms that the role may read, and the chosen one. */
export function RegistryPage() {
  const { t } = useTranslation();
  const session = useSession();
  const { room: name } = useParams();
  const open = roomsOf(session);
  const [first] = open;
  const chosen = open.find(({ room }) => room === name);
  if (name === undefined && first) return <Navigate to={`/registry/${first.room}`} replace />;
  if (!chosen) return <NotFoundPage />;
  const register = registerRooms.find(({ room }) => room === chosen.room);
  return (
    <div className="page registry-page">
      <nav className="registry-nav" aria-label={t('registry.rooms')}>
        {open.map(({ room }) => (
          <NavLink key={room} to={`/registry/${room}`}>
            {t(`registry.room.${room}`)}
          </NavLink>
        ))}
      </nav>
      <div className="registry-room">
        <h1>{t(`registry.room.${chosen.room}`)}</h1>
        {chosen.room === 'calendar' && <CalendarRoom />}
        {chosen.room === 'approvals' && <ApprovalsRoom />}
        {chosen.room === 'matters' && <MattersRoom />}
        {chosen.room === 'closure-codes' && <ClosureRoom />}
        {chosen.room === 'keys' && <KeysRoom />}
        {chosen.room === 'webhooks' && <WebhooksRoom />}
        {chosen.room === 'audit' && <AuditRoom />}
        {register !== undefined && <RegisterRoom key={register.room} room={register} />}
      </div>
    </div>
  );
}
