/** Why a source could not be opened or read on: the catalogue's code and one plain line, without address or secrets. */
import {
  AVERROR_DECODER_NOT_FOUND,
  AVERROR_DEMUXER_NOT_FOUND,
  AVERROR_EIO,
  AVERROR_EISDIR,
  AVERROR_HTTP_OTHER_4XX,
  AVERROR_INVALIDDATA,
  AVERROR_PROTOCOL_NOT_FOUND,
  AVERROR_STREAM_NOT_FOUND,
} from 'node-av/constants';
import type { ErrorCode } from '../../contracts/errors.ts';
import { AppError } from '../../platform/app-error.ts';
import { publicUrl } from '../../platform/log.ts';
import type { DemuxOrder } from '../domain/packet.ts';
import { wordsOf } from './library.ts';
import { addressKind } from './media-address.ts';

/** @param reason one line, part of a sentence, without secrets */
export function mediaFault(order: DemuxOrder, code: ErrorCode, reason: string): AppError {
  return new AppError(code, `camera ${order.camera}, ${publicUrl(order.url)}: ${reason}`);
}

/** An error number of opening or describing. */
export function openingFault(order: DemuxOrder, code: number): AppError {
  const kind = addressKind(order.url);
  switch (code) {
    case AVERROR_INVALIDDATA:
      // A camera that closes while it answers is told by the same number as a file that is none.
      return kind === 'rtsp'
        ? mediaFault(order, 'EDGE_SOURCE_UNREACHABLE', 'the answer is cut off or not RTSP')
        : mediaFault(order, 'EDGE_SOURCE_NO_VIDEO', 'not a video, or cut off before its description');
    case AVERROR_EISDIR:
      return mediaFault(order, 'EDGE_SOURCE_NO_VIDEO', 'is a folder');
    case AVERROR_STREAM_NOT_FOUND:
    case AVERROR_DECODER_NOT_FOUND:
    case AVERROR_DEMUXER_NOT_FOUND:
      return mediaFault(order, 'EDGE_SOURCE_NO_VIDEO', wordsOf(code));
    case AVERROR_PROTOCOL_NOT_FOUND:
      return mediaFault(order, 'EDGE_SOURCE_UNREACHABLE', 'this kind of address is not known, or may not be used here');
    case AVERROR_HTTP_OTHER_4XX:
      return mediaFault(order, 'EDGE_SOURCE_UNREACHABLE', 'refused by the server');
    case AVERROR_EIO:
      return mediaFault(
        order,
        'EDGE_SOURCE_UNREACHABLE',
        kind === 'file' ? 'cannot be read' : 'the host is not known or does not answer',
      );
    default:
      return mediaFault(order, 'EDGE_SOURCE_UNREACHABLE', wordsOf(code));
  }
}

/** An error number in the middle of a stream. */
export function readingFault(order: DemuxOrder, code: number): AppError {
  const broken = code === AVERROR_INVALIDDATA;
  if (broken) return mediaFault(order, 'EDGE_SOURCE_DECODE', 'the stream is damaged');
  return mediaFault(order, 'EDGE_SOURCE_UNREACHABLE', wordsOf(code));
}
