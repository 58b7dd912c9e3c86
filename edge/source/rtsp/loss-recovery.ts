/** Which pictures may be built on lost packets: from the loss to a keyframe, or to the end of a gradual refresh. Pure. */

/** One picture as its access unit ends. */
export type EndedPicture = {
  readonly key: boolean;
  /** Frames until the refresh that begins here is over (H.264, D.2.8), -1 = none begins. */
  readonly recoveryFrames: number;
  /** Others may be drawn from it. */
  readonly reference: boolean;
  readonly rtpTime: number;
};

/** One for a track. */
export function createLossRecovery() {
  let open = false;
  let recoverIn = -1;
  /** Time of the keyframe at which the last loss ended: pictures shown before it may still be built on what was lost. */
  let recoveredAt: number | null = null;

  /** Whether this picture is whole again, by itself or by the end of a gradual refresh. */
  function isRecovered({ key, recoveryFrames, reference }: EndedPicture): boolean {
    if (key) return true;
    if (recoveryFrames >= 0 && recoverIn < 0) recoverIn = recoveryFrames;
    else if (recoverIn > 0 && reference) recoverIn--;
    return recoverIn === 0;
  }

  return {
    lost(): void {
      open = true;
      recoverIn = -1;
    },
    /** A loss has not been made good yet. */
    isOpen: (): boolean => open,
    /** Asked once of each picture, in the order of decoding. */
    isAfterLoss(picture: EndedPicture): boolean {
      const { rtpTime } = picture;
      if (open && isRecovered(picture)) {
        open = false;
        recoveredAt = rtpTime;
      }
      const leading = recoveredAt !== null && ((rtpTime - recoveredAt) | 0) < 0;
      if (!leading && rtpTime !== recoveredAt) recoveredAt = null;
      return open || leading;
    },
  };
}
