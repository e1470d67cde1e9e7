/** Where the demo writes: headings and bars for people at a terminal, plain lines for a file, nothing but the summary for `--json`. */
export interface Terminal {
  heading(text: string): void;
  line(text: string): void;
  /** Draws a bar over the one before it; where the output is no terminal, nothing. */
  bar(label: string, done: number, total: number, remark?: string): void;
  /** Leaves the bar as it stands and goes on below. */
  endBar(): void;
}

const width = 32;

export function terminal(output: NodeJS.WriteStream, quiet: boolean): Terminal {
  const drawsBars = output.isTTY && !quiet;
  const write = (text: string): void => {
    if (!quiet) output.write(text);
  };
  let barStands = false;
  return {
    heading(text) {
      write(`\n${output.isTTY ? `\x1b[1m${text}\x1b[0m` : text}\n`);
    },
    line(text) {
      write(`  ${text}\n`);
    },
    bar(label, done, total, remark = '') {
      if (!drawsBars) return;
      const share = total === 0 ? 1 : Math.min(1, done / total);
      const filled = Math.round(share * width);
      output.write(
        `\r\x1b[2K  ${label.padEnd(10)} ${'█'.repeat(filled)}${'░'.repeat(width - filled)} ${String(done).padStart(5)}/${total} ${remark}`,
      );
      barStands = true;
    },
    endBar() {
      if (barStands) output.write('\n');
      barStands = false;
    },
  };
}

/** Columns of text, each as wide as its widest cell. */
export function table(rows: readonly (readonly [string, string | number])[]): string[] {
  const labelWidth = Math.max(...rows.map(([label]) => label.length));
  return rows.map(([label, value]) => `${label.padEnd(labelWidth)}  ${value}`);
}

/** Something that the demo promises and did not keep. */
export class FellShort extends Error {
  override readonly name = 'FellShort';
}

/** Ends the demo with a message that names the part, unless the condition holds. */
export function must(part: string, condition: boolean, what: string): asserts condition {
  if (!condition) throw new FellShort(`${part} fell short: ${what}`);
}
