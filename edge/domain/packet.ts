/** A camera's stream before it is decoded: compressed pictures, one a packet, whatever protocol or file brought them. */

/** What a decoder must know of a stream. A new object means that the description has changed. */
export type StreamFormat = {
  /** FFmpeg's name of the codec: `h264`, `hevc`, `mjpeg`, `av1`, … */
  readonly codec: string;
  /** Parameter sets as FFmpeg's decoder takes them (Annex B or the container's own form); null where they come in band. */
  readonly extradata: Buffer | null;
  /** Coded size in pixels as the container tells it; 0 where only the first picture will. */
  readonly width: number;
  readonly height: number;
  /** Width of a pixel over its height as the container tells it; null where only the picture will, or nothing does. */
  readonly pixelAspect: number | null;
  /** Degrees clockwise by which the decoded picture must be turned to be shown. */
  readonly rotation: 0 | 90 | 180 | 270;
};

export type MediaPacket = {
  /** One access unit. H.264 and H.265 from RTSP in Annex B, from a file in the container's form. */
  readonly data: Buffer;
  /** Presentation time on the stream's own clock, µs; null where the stream has none. */
  readonly ptsUs: number | null;
  /** Decoding can begin here: IDR, recovery point with whole picture, CRA/BLA, every picture of an intra-only codec. */
  readonly key: boolean;
  /** When it came, ms of `performance.now()`. */
  readonly arrivedAt: number;
  readonly format: StreamFormat;
  /** Packets were lost that this picture may be built on: it may show what never was. Absent again from the next whole one. */
  readonly afterLoss?: boolean;
};

/**
 * Reads one connection or file from start to end. A promise that `onPacket` gives is awaited before the next packet
 * (recordings); live it gives none. Settles at the end of the stream or when the signal comes.
 * Rejects with EDGE_SOURCE_UNREACHABLE, EDGE_SOURCE_NO_VIDEO or EDGE_SOURCE_DECODE, one line without secrets.
 */
export type Demux = (
  order: DemuxOrder,
  onPacket: (packet: MediaPacket) => void | Promise<void>,
  signal: AbortSignal,
) => Promise<void>;

export type DemuxOrder = {
  readonly camera: string;
  readonly url: string;
  readonly credentials: { readonly user: string; readonly password: string } | null;
  readonly transport: 'tcp' | 'udp';
  /** For rtsps and https: what makes its certificate trusted, beside the authorities that the system trusts. */
  readonly tls?: {
    /** Certificates of authorities, or a self-signed camera's own, PEM. */
    readonly ca?: string;
    /** SHA-256 of the camera's certificate in hex: this one and no other is taken, whatever name and issuer it has. */
    readonly fingerprint?: string;
  };
  /** A sender report of RTP: where a place on the stream's own clock (`ptsUs`) lies on the camera's wall clock. */
  readonly onClock?: (sync: { readonly ptsUs: number; readonly unixMs: number }) => void;
  /**
   * Called once the stream is described, e.g. `h264 (High), 640x360, 25 fps`, and whether sound or data come beside it;
   * again where the pictures themselves show more or otherwise.
   */
  readonly onStream?: (stream: { readonly text: string; readonly fps: number | null; readonly audio: boolean }) => void;
};
