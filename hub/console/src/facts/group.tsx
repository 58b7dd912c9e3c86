/** A titled list of facts. */
import type { ReactNode } from 'react';

/** One fact with its label; a strong one is what a decision rests on. */
export function Fact({ label, children, strong }: { label: string; children: ReactNode; strong?: boolean }) {
  return (
    <div className={strong === true ? 'fact fact-strong' : 'fact'}>
      <dt>{label}</dt>
      <dd>{children}</dd>
    </div>
  );
}

type FactGroupProps = { readonly title: string; readonly lead?: string | null; readonly children: ReactNode };

/** @param lead a line below the title that says what the facts are of */
export function FactGroup({ title, lead = null, children }: FactGroupProps) {
  return (
    <section className="fact-group">
      <h2>{title}</h2>
      {lead !== null && <p className="fact-of num">{lead}</p>}
      <dl>{children}</dl>
    </section>
  );
}
