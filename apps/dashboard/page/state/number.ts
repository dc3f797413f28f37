const FORMAT = new Intl.NumberFormat('en');

/** `9,469`, as in the page's own language, whatever the browser's is. */
export const formatNumber = (value: number): string => FORMAT.format(value);

/** `1 device`, `9,469 devices`. */
export const countOf = (count: number, one: string, many = `${one}s`): string =>
  `${formatNumber(count)} ${count === 1 ? one : many}`;
