/** FFmpeg's option for every frame as it is, none doubled, none left out: it was renamed. */
const LAVC_FFMPEG_5 = 59;

/** The option by its name in this FFmpeg. @param libavcodec its major version */
export function timingArguments(libavcodec: number): string[] {
  return [libavcodec <= LAVC_FFMPEG_5 ? '-vsync' : '-fps_mode', 'passthrough'];
}
