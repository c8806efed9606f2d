import { type DrawEvent, DrawLookBack } from '../../contracts/draws.js';
import { invalid, refuse } from '../../contracts/refusal.js';
import { type Register } from '../../contracts/register.js';
import { type Day, type UnitId, type Uuid } from '../../contracts/values.js';
import { hashOf } from '../../eventing/canonical.js';
import { type Actor, type Recorded } from '../../eventing/event.js';
import { type Decided, type Facts, type Row } from '../../eventing/handle.js';
import { atWork } from '../table.js';

export interface DrawState extends Decided {
  status: 'drawn' | undefined;
  drawn: (Omit<DrawEvent, 'type'> & { by: Actor; drawnAt: string }) | undefined;
}

export const noDraw: DrawState = { status: undefined, flags: new Set(), basis: -1, drawn: undefined };

export interface DrawFacts extends Facts {
  register: Register;
  today: Day;
  /** The closed cases of the frame within the caller's scope, sorted. */
  candidates: readonly Uuid[];
}

export const drawing: Row<DrawState, DrawLookBack, DrawEvent, DrawFacts> = {
  command: DrawLookBack,
  roles: ['inspector'],
  in: ['new'],
  reach: atWork,
  decide: ({ seed, frame, size }, _, { candidates, today }) => {
    if (frame.until < frame.from) invalid('frame.until', 'not-before', 'frame.until lies before frame.from');
    // Cases could be closed until the day is over: what is drawn from must stand still.
    if (frame.until >= today) invalid('frame.until', 'past', 'frame.until is not over yet');
    if (candidates.length === 0) refuse('draw/empty');
    return [
      {
        type: 'LookBackDrawn',
        ...{ seed, frame, size },
        candidates: candidates.length,
        digest: hashOf(candidates),
        cases: drawn(candidates, seed, size),
      },
    ];
  },
};

/** As many of the candidates, those whose hash with the seed is least: nobody can choose, and everybody can check. */
export function drawn(candidates: readonly Uuid[], seed: string, size: number): Uuid[] {
  return candidates
    .map((id) => ({ id, lot: hashOf([seed, id]) }))
    .sort((a, b) => (a.lot < b.lot ? -1 : 1))
    .slice(0, size)
    .map(({ id }) => id);
}

export function evolveDraw(state: DrawState, { event, revision, meta }: Recorded<DrawEvent>): DrawState {
  const { type: _, ...rest } = event;
  return {
    ...state,
    status: 'drawn',
    basis: revision,
    drawn: { ...rest, by: meta.actor, drawnAt: meta.recordedAt },
  };
}

/** Whoever draws from a unit, and the inspectors above it, may see the draw. */
export function seesDraw(unit: UnitId, actor: Actor, register: Register): boolean {
  const [own, home] = [register.unit(unit)?.division, register.unit(actor.unit)?.division];
  return own !== undefined && home !== undefined && register.covers(home, own);
}
