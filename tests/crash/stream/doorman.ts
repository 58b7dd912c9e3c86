/** How a camera answers who comes to it: as it should, or as told for the next time. */
import type { CameraLogin } from '../../../test-media/cameras/camera-login.ts';
import type { DialogueOptions, Request } from '../../../test-media/cameras/rtsp-dialogue.ts';

export const LOGIN = { user: 'viewer', password: 'pass:word@camera' } as const;
const KEEP_ALIVES = ['GET_PARAMETER', 'OPTIONS'];

export function createDoorman() {
  let refusing = false;
  let moved: ((request: Request) => string) | null = null;
  let forgetful: (() => void) | null = null;
  let staleEachTime = false;

  function answer(request: Request): readonly string[] | null {
    const { method, headers } = request;
    if (refusing) return ['503 Service Unavailable', 'Retry-After: 3'];
    if (moved && method === 'DESCRIBE') {
      const lines = ['302 Moved Temporarily', `Location: ${moved(request)}`];
      moved = null;
      return lines;
    }
    if (forgetful && KEEP_ALIVES.includes(method) && headers.has('session')) {
      const told = forgetful;
      forgetful = null;
      setImmediate(told);
      return ['454 Session Not Found'];
    }
    return null;
  }
  const options: DialogueOptions & { readonly login: CameraLogin } = {
    answer,
    sessionSeconds: 8,
    tracks: {
      before: ['m=audio 0 RTP/AVP 8', 'a=control:trackID=1'],
      after: ['m=application 0 RTP/AVP 107', 'a=rtpmap:107 vnd.onvif.metadata/90000', 'a=control:trackID=2'],
    },
    login: {
      ...LOGIN,
      kind: 'md5-qop',
      /** Read once a connection. */
      get usesOfNonce() {
        return staleEachTime ? 1 : Number.POSITIVE_INFINITY;
      },
    },
  };
  return {
    options,
    /** 503 to everything. */
    refuse(next: boolean): void {
      refusing = next;
    },
    /** The next DESCRIBE is sent elsewhere. */
    move(to: (request: Request) => string): void {
      moved = to;
    },
    /** The next keep-alive of a session is told that there is none; settles then. */
    forget: () =>
      new Promise<void>((done) => {
        forgetful = done;
      }),
    /** A nonce that serves for one request of a connection only. */
    renewNonces(next: boolean): void {
      staleEachTime = next;
    },
  };
}
