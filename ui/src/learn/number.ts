/** A number as people write it, with a sign, separators or a unit around it; undefined if none. */
export function readNumber(text: string): number | undefined {
  const bare = text.replace(/^[^\d.,+-]+|[^\d.,]+$/g, '').replaceAll(/[\s_]/g, '');
  const grouped = /^[+-]?\d{1,3}(,\d{3})+(\.\d*)?$/.test(bare);
  const plain = grouped ? bare.replaceAll(',', '') : bare.replace(',', '.');
  return /\d/.test(plain) && Number.isFinite(Number(plain)) ? Number(plain) : undefined;
}

/** A number with what it is counted in, which may be nothing. */
export function inUnit(value: number, unit: string): string {
  return unit === 'dollars' ? `$${value}` : `${value} ${unit}`.trim();
}
