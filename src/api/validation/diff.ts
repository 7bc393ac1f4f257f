/** How two pieces of data differ, one line per value: `- ` what was, `+ ` what is. Stands for go-cmp's text. */
export function diff(old: unknown, now: unknown, path = ''): string {
  return lines(old, now, path).join('\n');
}

function lines(old: unknown, now: unknown, path: string): string[] {
  if (isObject(old) && isObject(now) && Array.isArray(old) === Array.isArray(now)) {
    const keys = new Set([...Object.keys(old), ...Object.keys(now)]);
    return [...keys].flatMap((key) => {
      const at = Array.isArray(old) ? `${path}[${key}]` : `${path}.${key}`;
      return lines(old[key], now[key], at);
    });
  }
  if (old === now) return [];
  const name = path.replace(/^\./, '') || 'value';
  return [
    ...(old === undefined ? [] : [`- ${name}: ${JSON.stringify(old)}`]),
    ...(now === undefined ? [] : [`+ ${name}: ${JSON.stringify(now)}`]),
  ];
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null;
}
