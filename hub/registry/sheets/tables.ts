/** The registers as tables: their columns, the shape of a row, and what a row must fit to. */
import { type TSchema, Type } from '@sinclair/typebox';
import { CarrierBody } from '../../../contracts/api/carrier.ts';
import type { SheetKind } from '../../../contracts/api/import.ts';
import { CameraBody, PermitBody, SiteBody } from '../../../contracts/api/registry.ts';
import { StallPointBody } from '../../../contracts/api/stall-point.ts';
import { NodeId } from '../../../contracts/ids.ts';
import type { Bilingual } from '../../../contracts/text.ts';
import { cameras } from '../cameras.ts';
import type { Registered } from '../registered.ts';
import { carriers, permits, sites, stallPoints } from '../sites.ts';
import { type Column, choice, date, needed, number, plates, season, text, windows } from './columns.ts';

/** Fields of a row that name something registered elsewhere. */
export type Reference = { readonly column: string; readonly to: 'sites' | 'nodes'; readonly hint: Bilingual };

export type SheetTable = {
  readonly name: Bilingual;
  readonly columns: readonly Column[];
  readonly schema: TSchema;
  // Bodies of different kinds go through one way; each is checked against its schema before.
  readonly kind: Registered<{ readonly id: string }>;
  /** What a new row has where the table has no column. */
  readonly blank: Readonly<Record<string, unknown>>;
  readonly references: readonly Reference[];
};

const word = (zh: string, en: string): Bilingual => ({ zh, en });
const site: Reference = {
  ...{ column: 'site', to: 'sites' },
  hint: word(
    '没有登记这个工地：请先登记或导入工地，或更正编号',
    'no such site: register or import it first, or correct the id',
  ),
};
const node: Reference = {
  ...{ column: 'node', to: 'nodes' },
  hint: word('没有登记这个节点：请先登记节点，或更正编号', 'no such node: register it first, or correct the id'),
};
const names = [
  needed(text('name.zh', '名称', 'Name (Chinese)')),
  text('name.en', '英文名称', 'Name (English)'),
] as const;
const place = [number('location.lon', '经度', 'Longitude'), number('location.lat', '纬度', 'Latitude')] as const;

const permitTable = {
  name: word('运输路线牌', 'Haulage permits'),
  columns: [
    needed(text('id', '路线牌号', 'Placard number')),
    needed(text('site', '工地编号', 'Site id')),
    needed(text('carrier', '运输企业', 'Carrier')),
    needed(plates('plates', '车牌', 'Number plates')),
    text('route', '路线', 'Route'),
    windows('windows', '通行时段', 'Hours'),
    needed(date('validFrom', '有效期自', 'Valid from')),
    needed(date('validTo', '有效期至', 'Valid to')),
  ],
  schema: PermitBody,
  blank: { windows: [] },
  references: [site],
};

const siteTable = {
  name: word('工地', 'Sites'),
  columns: [
    needed(text('id', '工地编号', 'Site id')),
    ...names,
    needed(text('address', '地址', 'Address')),
    text('district', '区划代码', 'District code'),
    text('permitNumber', '施工许可证号', 'Permit number'),
    text('developer', '建设单位', 'Developer'),
    text('contractor', '施工单位', 'Contractor'),
    needed(text('manager.name', '负责人', 'Manager')),
    text('manager.phone', '电话', 'Telephone'),
    text('manager.email', '邮箱', 'Mail'),
    text('responsibilityLetter', '责任书', 'Responsibility letter'),
    choice(['gateVideo', '门口视频', 'Gate video'], {
      yes: word('有', 'yes'),
      no: word('无', 'no'),
      offline: word('离线', 'offline'),
    }),
  ],
  schema: SiteBody,
  blank: {},
  references: [],
};

const carrierTable = {
  name: word('运输企业', 'Carriers'),
  columns: [
    needed(text('id', '企业编号', 'Carrier id')),
    needed(text('name', '企业名称', 'Name')),
    text('approvalNumber', '核准证号', 'Approval number'),
    text('contact.name', '联系人', 'Contact'),
    text('contact.phone', '电话', 'Telephone'),
    number('vehicles', '车辆数', 'Trucks'),
    choice(['standing', '状态', 'Standing'], {
      normal: word('正常', 'normal'),
      warned: word('约谈', 'warned'),
      restricted: word('限制', 'restricted'),
    }),
    text('note', '备注', 'Note'),
  ],
  schema: CarrierBody,
  blank: {},
  references: [],
};

const stallTable = {
  name: word('便民摊点', 'Permitted stall points'),
  columns: [
    needed(text('id', '点位编号', 'Point id')),
    ...names,
    choice(['kind', '类型', 'Kind'], {
      convenience: word('便民服务点', 'convenience point'),
      temporary: word('临时摊位', 'temporary stall'),
      seasonal: word('时令摊点', 'seasonal point'),
    }),
    needed(text('address', '地址', 'Address')),
    text('district', '区划代码', 'District code'),
    ...place,
    text('holder', '持证人', 'Holder'),
    season('season', '季节', 'Season'),
    needed(windows('windows', '营业时段', 'Hours')),
    number('capacity', '摊位数', 'Stalls'),
    number('graceMinutes', '收摊宽限（分钟）', 'Minutes to pack up'),
    text('goods', '经营范围', 'Goods'),
  ],
  schema: StallPointBody,
  blank: { location: null },
  references: [],
};

const cameraTable = {
  name: word('摄像机', 'Cameras'),
  columns: [
    needed(text('id', '摄像机编号', 'Camera id')),
    needed(text('node', '节点', 'Node')),
    ...names,
    needed(
      choice(['kind', '类型', 'Kind'], {
        street: word('街面', 'street'),
        heritage: word('文物', 'heritage'),
        bike: word('单车', 'bike'),
        gate: word('工地门口', 'gate'),
      }),
    ),
    ...place,
    text('district', '区划代码', 'District code'),
    text('grid', '网格编码', 'Grid cell'),
    text('site', '工地编号', 'Site id'),
    text('owner', '权属单位', 'Owner'),
    choice(['source', '来源', 'Source'], {
      'public-security': word('公安视频', 'public security'),
      heritage: word('文物点位', 'heritage point'),
      'public-bike': word('公共自行车', 'public bike'),
      'site-gate': word('工地自建', 'site gate'),
      own: word('自建', 'own'),
    }),
    text('agreement.number', '共享协议编号', 'Sharing agreement'),
    date('agreement.until', '协议有效期至', 'Agreement until'),
  ],
  // Zones are drawn, not typed; those of the zones that are there were checked when they were drawn.
  schema: Type.Object({ ...CameraBody.properties, node: NodeId }, { additionalProperties: false }),
  blank: { location: null, zones: [] },
  references: [site, node],
};

const of = <T extends { readonly id: string }>(kind: Registered<T>) =>
  kind as unknown as Registered<{ readonly id: string }>;

/** Every register that can be exported and imported. */
export const sheetTables: Readonly<Record<SheetKind, SheetTable>> = {
  permits: { ...permitTable, kind: of(permits) },
  sites: { ...siteTable, kind: of(sites) },
  carriers: { ...carrierTable, kind: of(carriers) },
  'stall-points': { ...stallTable, kind: of(stallPoints) },
  cameras: { ...cameraTable, kind: of(cameras) },
};
