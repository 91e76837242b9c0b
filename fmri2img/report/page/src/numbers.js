/** A value as people read it: four digits, no trailing zeros. */
export function shown(value) {
  if (value === null || value === undefined || !Number.isFinite(value)) return "–";
  return String(Number(value.toPrecision(4)));
}

/** "0.5 [0.4, 0.6]", or the value alone where it has no interval. */
export function withInterval(point) {
  const interval = Number.isFinite(point.low) && Number.isFinite(point.high) && point.low !== point.high;
  return interval ? `${shown(point.y)} [${shown(point.low)}, ${shown(point.high)}]` : shown(point.y);
}
