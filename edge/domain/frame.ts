/** A decoded frame: the model's pixels, the full-size pixels behind it, and when the camera saw it. */

/** How the source must deliver pixels for a model: what the decoder can do for free is not done again in JavaScript. */
export type ModelInput = {
  readonly width: number;
  readonly height: number;
  /** `rgb24`/`bgr24` are interleaved; `gbrp` is three planes G, B, R, each width × height bytes. */
  readonly pixelFormat: 'rgb24' | 'bgr24' | 'gbrp';
  readonly resize: 'letterbox' | 'stretch';
  readonly align: 'top-left' | 'center';
  /** Grey level of the letterbox's border, 0–255. */
  readonly pad: number;
};

/** Full-size picture as the decoder has it: planar YUV 4:2:0, 8 bit (I420). */
export type FullPicture = {
  readonly width: number;
  readonly height: number;
  /** width·height bytes Y, then U and V of ceil(width/2)·ceil(height/2) bytes each. Valid until release(). */
  readonly i420: Uint8Array;
  /** Levels of Y: `limited` = 16–235 (the default of video), `full` = 0–255 (many cameras, MJPEG). */
  readonly range?: 'limited' | 'full';
  /** Colour matrix; `bt601` where the stream says nothing. */
  readonly matrix?: 'bt601' | 'bt709';
};

/** A still of the camera's main stream, taken beside a frame of its sub-stream. */
export type MainPicture = {
  readonly full: FullPicture;
  /** When it was taken less when the frame was, ms. */
  readonly offsetMs: number;
  readonly release: () => void;
};

export type Frame = {
  /** Position in this source's run, from 0; a reconnect does not reset it. */
  readonly index: number;
  /** Camera time mapped to UTC, ms since the epoch; strictly increasing within a timeline of a camera. */
  readonly at: number;
  /** Another number than the frame before: the camera's time was moved to a clock that was set; what is remembered is of another time. */
  readonly timeline?: number;
  /** Only keyframes are decoded, because nothing moves: how seldom frames come says nothing of the camera. */
  readonly resting?: boolean;
  /** When its packet came, ms of `performance.now()`. */
  readonly arrivedAt?: number;
  /** Model-size pixels in the layout that was asked for. Valid until release(). */
  readonly pixels: Uint8Array;
  readonly full: FullPicture;
  /** Where another stream than the analysed one gives stills: its picture of this moment, or null. */
  readonly main?: () => Promise<MainPicture | null>;
  /** Returns the frame's buffers to the source. Call once; the arrays must not be read afterwards. */
  readonly release: () => void;
};

/** Where the picture lies inside the model's input, to map boxes back: share of frame = (px − offset) / scaled size. */
export type Placement = {
  readonly offsetX: number;
  readonly offsetY: number;
  readonly scaledWidth: number;
  readonly scaledHeight: number;
};
