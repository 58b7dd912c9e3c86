/** Marks what it is told to and crashes, as a host does in native code. */
import { riskOf } from '../../edge/hosts/risk-mark.ts';

const [fd = '', place = '', how = ''] = process.argv.slice(2);
const risk = riskOf(Number(fd), Number(place));
risk.enter();
if (how === 'after') risk.leave();
process.kill(process.pid, 'SIGSEGV');
