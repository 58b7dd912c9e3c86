/** How a refused log-in is answered and logged. */
import type { AuthenticateError } from 'aedes';
import type { Log } from '../../platform/log.ts';

export type LoginResult = 'good' | 'wrong' | 'disabled' | 'busy';
export type RefusedLogin = Exclude<LoginResult, 'good'>;

/** CONNACK return codes, MQTT 3.1.1 §3.2.2.3. */
const refusals: Readonly<Record<RefusedLogin, readonly [returnCode: number, why: string]>> = {
  busy: [3, 'too many ask at once'],
  wrong: [4, 'unknown node or wrong password'],
  disabled: [5, 'node is disabled'],
};

/** What the broker refuses a log-in with: its return code goes into the CONNACK. */
export function refusal(result: RefusedLogin): AuthenticateError {
  const [returnCode, why] = refusals[result];
  return Object.assign(new Error(why), { returnCode }) as AuthenticateError;
}

const REFUSALS_MS = 10_000;
const REFUSALS_LOGGED = 20;

/** Refused log-ins in the log: each node's own, but nobody can fill it with them. */
export function createRefusalLog(log: Log) {
  let since = 0;
  let lines = 0;
  let silent = 0;
  return (node: string, result: RefusedLogin) => {
    const now = performance.now();
    if (now - since > REFUSALS_MS) {
      if (silent > 0) log.warn({ refused: silent }, 'more log-ins of nodes were refused');
      since = now;
      lines = 0;
      silent = 0;
    }
    lines += 1;
    if (lines > REFUSALS_LOGGED) silent += 1;
    else log.warn({ node: node.slice(0, 64) }, `node refused: ${refusals[result][1]}`);
  };
}
