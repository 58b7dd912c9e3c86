/** A document in one language, filled in: what the PDF and the HTML are drawn from. */
import type { EvidenceRef } from '../../contracts/evidence.ts';

export type DocumentBlock =
  | { readonly type: 'facts'; readonly rows: readonly (readonly [label: string, value: string])[] }
  | { readonly type: 'text'; readonly text: string }
  | { readonly type: 'item'; readonly text: string }
  /** Which case of a merged notice the next ones are of. */
  | { readonly type: 'case'; readonly text: string }
  | { readonly type: 'stills'; readonly files: readonly FileCaption[] }
  /** The reply page as a link and as a code for a phone's camera. */
  | { readonly type: 'reply'; readonly link: string; readonly label: string }
  | { readonly type: 'signatures'; readonly labels: readonly string[] };

/** `missing`, `broken`: what stands where a file has not arrived, or is no picture. */
export type FileCaption = {
  readonly file: Pick<EvidenceRef, 'sha256' | 'width' | 'height'>;
  readonly caption: string;
  readonly missing: string;
  readonly broken: string;
};

export type FilledDocument = {
  readonly lang: 'zh' | 'en';
  readonly title: string;
  readonly subtitle: string;
  readonly sections: readonly { readonly heading: string; readonly blocks: readonly DocumentBlock[] }[];
  readonly footer: string;
  /** Across every page, where the document is none yet. */
  readonly mark: string | null;
  readonly info: { readonly author: string; readonly createdAt: string };
};
