/** Asks a person for a password. */
import { createInterface } from 'node:readline';

/** Without echo on a terminal; from a pipe, the first line. */
export async function askPassword(prompt: string): Promise<string> {
  const { stdin, stderr } = process;
  const lines = createInterface({ input: stdin, terminal: false });
  try {
    if (!stdin.isTTY) {
      for await (const line of lines) return line;
      return '';
    }
    stderr.write(prompt);
    stdin.setRawMode(true);
    let typed = '';
    for await (const chunk of stdin) {
      for (const sign of String(chunk)) {
        if (sign === '\r' || sign === '\n') return typed;
        if (sign === '\u0003') process.exit(130);
        typed = sign === '\u007f' ? typed.slice(0, -1) : typed + sign;
      }
    }
    return typed;
  } finally {
    if (stdin.isTTY) stdin.setRawMode(false);
    stderr.write('\n');
    lines.close();
    stdin.pause();
  }
}
