/** One error code: what happened, why, what to do. */

export type ErrorEntry = {
  /** HTTP status when the hub's API answers with it; null for codes that only programs and logs show. */
  readonly status: number | null;
  readonly message: string;
  readonly messageZh: string;
  readonly cause: string;
  readonly fix: string;
};

/** An entry in the order in which it is read; `status`: HTTP, null for codes that the API never answers with. */
export function entry(
  status: number | null,
  message: string,
  messageZh: string,
  cause: string,
  fix: string,
): ErrorEntry {
  return { status, message, messageZh, cause, fix };
}
