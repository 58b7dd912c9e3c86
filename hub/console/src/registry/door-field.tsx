/** One field of a form in a row: its label above it. */
import { type ReactNode, useId } from 'react';

type DoorFieldProps = {
  readonly label: string;
  readonly wide?: boolean;
  readonly children: (id: string) => ReactNode;
};

/** @param props `children` makes the control of the id that the label names */
export function DoorField({ label, wide = false, children }: DoorFieldProps) {
  const id = useId();
  return (
    <div className={wide ? 'door-field door-field-wide' : 'door-field'}>
      <label htmlFor={id}>{label}</label>
      {children(id)}
    </div>
  );
}
