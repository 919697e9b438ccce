// Words for people: states of pages, times, sizes, counts. Pure.

/** States in the order in which the filter lists them. */
export const STATES = {
  public: '公开',
  draft: '草稿',
  future: '到期未发',
  expired: '已过期',
  error: '有错误',
  withdrawn: '已撤稿',
  held: '随栏目未公开',
};

export const SEVERITIES = { error: '错误', warning: '提醒', note: '说明' };

const two = (n) => String(n).padStart(2, '0');

/** `14:05` of today, else `11月3日 14:05`, with the year if it is another. */
export function when(iso, now = new Date()) {
  const at = new Date(iso);
  if (Number.isNaN(at.getTime())) return '';
  const time = `${two(at.getHours())}:${two(at.getMinutes())}`;
  const day = (d) => `${d.getFullYear()}-${d.getMonth()}-${d.getDate()}`;
  if (day(at) === day(now)) return time;
  const yesterday = new Date(now.getFullYear(), now.getMonth(), now.getDate() - 1);
  if (day(at) === day(yesterday)) return `昨天 ${time}`;
  const year = at.getFullYear() === now.getFullYear() ? '' : `${at.getFullYear()}年`;
  return `${year}${at.getMonth() + 1}月${at.getDate()}日 ${time}`;
}

/** A number of bytes. */
export function size(bytes) {
  if (bytes < 1024) return `${bytes} 字节`;
  if (bytes < 1024 * 1024) return `${Math.round(bytes / 1024)} KB`;
  return `${(bytes / 1024 / 1024).toFixed(1)} MB`;
}

/** `2 处错误，1 处提醒`, or an empty text. */
export function counts(errors, warnings) {
  return [errors ? `${errors} 处错误` : '', warnings ? `${warnings} 处提醒` : ''].filter(Boolean).join('，');
}
