/** The list of a register: searched, paged, its rows opened by mouse or keyboard. */
import { Button, Input } from 'antd';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { EmptyView } from '../states/views.tsx';
import { cellText } from './field-text.ts';
import type { RegistryEntry, Room } from './rooms.ts';

const PAGE = 50;

export type RegisterTableProps = {
  readonly room: Room;
  readonly entries: readonly RegistryEntry[];
  readonly chosen: RegistryEntry | null;
  readonly onChoose: (entry: RegistryEntry) => void;
};

const keyOf = (room: Room, entry: RegistryEntry) => String(entry[room.columns[0] ?? 'id'] ?? '');

function Pager({ page, pages, onPage }: { page: number; pages: number; onPage: (page: number) => void }) {
  const { t } = useTranslation();
  return (
    <nav className="pager" aria-label={t('registry.pages')}>
      <Button size="small" disabled={page === 0} onClick={() => onPage(page - 1)}>
        {t('registry.previous')}
      </Button>
      <span className="num">{t('registry.page', { page: page + 1, pages })}</span>
      <Button size="small" disabled={page >= pages - 1} onClick={() => onPage(page + 1)}>
        {t('registry.next')}
      </Button>
    </nav>
  );
}

/** Search looks at what the list shows. */
export function RegisterTable({ room, entries, chosen, onChoose }: RegisterTableProps) {
  const { t } = useTranslation();
  const [search, setSearch] = useState('');
  const [asked, setPage] = useState(0);
  const lines = entries.map((entry) => ({ entry, cells: room.columns.map((path) => cellText(room, entry, path)) }));
  const wanted = search.trim().toLowerCase();
  const found = wanted === '' ? lines : lines.filter(({ cells }) => cells.join(' ').toLowerCase().includes(wanted));
  const pages = Math.max(1, Math.ceil(found.length / PAGE));
  const page = Math.min(asked, pages - 1);
  const headings = room.columns.map((path) =>
    path === 'name' && room.room !== 'users' && room.room !== 'carriers'
      ? t('registry.field.name')
      : t(`registry.field.${room.fields.find((field) => field.path === path)?.word ?? 'name'}`),
  );
  return (
    <>
      <div className="register-tools">
        <Input
          type="search"
          value={search}
          aria-label={t('registry.search')}
          placeholder={t('registry.search')}
          onChange={({ target }) => setSearch(target.value)}
        />
        <span className="muted num" role="status">
          {t('registry.count', { count: found.length })}
        </span>
        {pages > 1 && <Pager page={page} pages={pages} onPage={setPage} />}
      </div>
      {found.length === 0 ? (
        <EmptyView title={t('registry.empty')} />
      ) : (
        <div className="register-room">
          <table className="register-table">
            <thead>
              <tr>
                {headings.map((heading) => (
                  <th key={heading} scope="col">
                    {heading}
                  </th>
                ))}
              </tr>
            </thead>
            <tbody>
              {found.slice(page * PAGE, (page + 1) * PAGE).map(({ entry, cells: [first = '', ...rest] }) => (
                <tr key={keyOf(room, entry)} className={entry === chosen ? 'register-chosen' : ''}>
                  <th scope="row">
                    <button type="button" className="link-button" onClick={() => onChoose(entry)}>
                      {first}
                    </button>
                  </th>
                  {rest.map((cell, i) => (
                    <td key={headings[i + 1]} title={cell}>
                      {cell}
                    </td>
                  ))}
                </tr>
              ))}
            </tbody>
          </table>
        </div>
      )}
    </>
  );
}
