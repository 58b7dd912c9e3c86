/** Handling units: the registry, who is on duty for a case, and the photographs that units bring. */
import { Type } from '@sinclair/typebox';
import type { FastifyInstance } from 'fastify';
import { CasePhoto } from '../../../contracts/api/case-round.ts';
import { Problem } from '../../../contracts/api/problem.ts';
import { DutyOffer, DutyState, UnitBody } from '../../../contracts/api/unit.ts';
import { AppError } from '../../../platform/app-error.ts';
import { kindOfHead } from '../../../platform/content-kind.ts';
import { createAfterPhotos } from '../../cases/after-photos.ts';
import { dutyOf } from '../../cases/dispatch-unit.ts';
import { cleanPhoto, noPicture } from '../../notices/photo.ts';
import { upsertUnit } from '../../registry/units.ts';
import { allUnits } from '../../storage/units.ts';
import { actorOf, authorOf } from '../access.ts';
import type { ApiDeps } from '../deps.ts';
import type { Trace } from '../traces.ts';

const CaseId = Type.Object({ id: Type.String({ minLength: 1, maxLength: 64 }) }, { additionalProperties: false });
type CaseId = { id: string };
const UnitView = Type.Composite([UnitBody, Type.Object({ duty: DutyState })], { additionalProperties: false });
const photo: Trace = { action: 'change', thing: 'case', data: () => ({ command: 'photo' }) };
/** One photograph: more than any phone writes. */
const MAX_PHOTO_BYTES = 8 * 1024 * 1024;

function registryOfUnits(app: FastifyInstance, { store, clock, calendar }: ApiDeps): void {
  app.get(
    '/units',
    {
      config: { access: 'viewer', units: true, scopes: true },
      schema: {
        tags: ['registry'],
        summary: 'All units with what their rosters say now; a user of a unit sees her own',
        response: { 200: Type.Array(UnitView), default: Problem },
      },
    },
    async (request) => {
      const { role, unit: own } = actorOf(request);
      const units = (await allUnits(store.db)).filter(({ id }) => role !== 'unit' || id === own);
      return units.map((unit) => ({ ...unit, duty: dutyOf(unit, calendar, clock.now()) }));
    },
  );
  app.put<{ Body: UnitBody }>(
    '/units',
    {
      config: { access: 'supervisor' },
      schema: {
        tags: ['registry'],
        summary: 'Add or change one of units, with its roster',
        body: UnitBody,
        response: { 204: Type.Null(), default: Problem },
      },
    },
    async (request, reply) => {
      await upsertUnit(store, request.body, authorOf(request, clock));
      return reply.code(204).send();
    },
  );
}

function photoRoute(app: FastifyInstance, { store, clock, changes, blobs }: ApiDeps): void {
  const photos = createAfterPhotos({ store, clock, changes });
  app.register(async (upload) => {
    // What it is is seen from its bytes, whatever its sender calls it.
    upload.removeAllContentTypeParsers();
    upload.addContentTypeParser('*', { parseAs: 'buffer' }, (_request, body, done) => done(null, body));
    upload.post<{ Params: CaseId }>(
      '/cases/:id/photos',
      {
        config: { access: 'operator', units: true, scopes: 'case', trace: photo },
        bodyLimit: MAX_PHOTO_BYTES,
        schema: {
          tags: ['cases'],
          summary: 'Bring a photograph (JPEG or PNG, 8 MiB at most) of the place after handling',
          params: CaseId,
          response: { 201: CasePhoto, default: Problem },
        },
      },
      async (request, reply) => {
        const actor = actorOf(request);
        const { id } = request.params;
        await photos.check(id, actor);
        const body = Buffer.isBuffer(request.body) ? request.body : Buffer.alloc(0);
        const mime = kindOfHead(body);
        if (mime !== 'image/jpeg' && mime !== 'image/png')
          throw new AppError('API_VALIDATION', noPicture.message, { faults: [noPicture] });
        const bytes = await cleanPhoto(body, mime);
        const sha256 = await blobs.keep(bytes, mime);
        return reply.code(201).send(await photos.add(id, { sha256, mime, bytes: bytes.length }, actor));
      },
    );
  });
}

/** `/units`, `/cases/{id}/duty` and `/cases/{id}/photos`. */
export function unitRoutes(app: FastifyInstance, deps: ApiDeps): void {
  registryOfUnits(app, deps);
  photoRoute(app, deps);
  app.get<{ Params: CaseId }>(
    '/cases/:id/duty',
    {
      config: { access: 'operator', scopes: 'case' },
      schema: {
        tags: ['cases'],
        summary: 'Units that the case may be dispatched to, who fits and is on duty now first',
        params: CaseId,
        response: { 200: Type.Array(DutyOffer), default: Problem },
      },
    },
    (request) => deps.caseReads.duty(request.params.id),
  );
}
