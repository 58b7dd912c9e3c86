/** Boxes and zone over a picture; coordinates are shares of the frame, line widths stay the same at any zoom. */
import type { EventObject } from '../../../../contracts/event.ts';
import type { ZoneShape } from '../../../../contracts/zone-shapes.ts';
import { wireWord } from '../i18n/index.ts';

function pointsText(shape: ZoneShape): string {
  return shape.points.map(([x, y]) => `${x},${y}`).join(' ');
}

export function ZoneOverlay({ shapes, scale }: { readonly shapes: readonly ZoneShape[]; readonly scale: number }) {
  return (
    <svg className="overlay" viewBox="0 0 1 1" preserveAspectRatio="none" aria-hidden="true">
      {shapes.map((shape) =>
        shape.closed ? (
          <polygon
            key={shape.key}
            className={`shape shape-${shape.key}`}
            points={pointsText(shape)}
            style={{ strokeWidth: 2 / scale }}
          />
        ) : (
          <polyline
            key={shape.key}
            className="shape shape-line"
            points={pointsText(shape)}
            style={{ strokeWidth: 2 / scale }}
          />
        ),
      )}
    </svg>
  );
}

/** More labels than this hide what they name. */
const MOST_LABELS = 6;

/** A label stays within the picture. */
function labelClass(x: number, y: number): string {
  return `box-label${y < 0.06 ? ' box-label-in' : ''}${x > 0.8 ? ' box-label-left' : ''}`;
}

type BoxesProps = {
  readonly objects: readonly EventObject[];
  /** The still shows the place at another time: boxes say where things stood later. */
  readonly ghost: boolean;
  readonly scale: number;
};

export function BoxOverlay({ objects, ghost, scale }: BoxesProps) {
  const labelled = objects.length <= MOST_LABELS && !ghost;
  const line = 1 / scale;
  return (
    <div className="overlay" aria-hidden="true">
      {objects.map((object) => {
        const [x, y, w, h] = object.box;
        return (
          <div
            key={`${object.track}/${object.class}`}
            className={ghost ? 'box box-ghost' : 'box'}
            style={{
              left: `${x * 100}%`,
              top: `${y * 100}%`,
              width: `${w * 100}%`,
              height: `${h * 100}%`,
              borderWidth: `${(ghost ? 1.5 : 2) * line}px`,
            }}
          >
            {labelled && (
              <span className={labelClass(x, y)} style={{ scale: String(line) }}>
                {wireWord('class', object.class)} {Math.round(object.score * 100)}
              </span>
            )}
          </div>
        );
      })}
    </div>
  );
}
