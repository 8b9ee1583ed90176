const WIDTH = 8;

/** Bytes as people read them: where they stand, their values, and the characters they would be. */
export function hexLines(bytes: Uint8Array, offset: number): string {
  const lines: string[] = [];
  for (let from = 0; from < bytes.length; from += WIDTH) {
    const part = [...bytes.subarray(from, from + WIDTH)];
    const values = part.map((byte) => byte.toString(16).padStart(2, '0')).join(' ');
    const letters = part.map((byte) =>
      byte >= 0x20 && byte < 0x7f ? String.fromCharCode(byte) : '·',
    );
    const at = String(offset + from).padStart(6);
    lines.push(`${at}  ${values.padEnd(3 * WIDTH - 1)}  ${letters.join('')}`);
  }
  return lines.join('\n');
}
