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

/** What to do about a finding, where the desk has a place for it that the program's own words do not know; by code. */
export const HINTS = {
  'placeholder-left': '换成自己的话，或者删掉；还没写完，就在“页面信息”里勾上“草稿”。',
};

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

/** What can be inserted, in the order of the dialog: names of the program's tables, in words for people. */
export const INSERTS = [
  ['提示', [['note', '说明', '一段补充说明，和正文隔开'], ['tip', '提示', '一条建议'], ['warning', '注意', '要小心的事'], ['details', '折叠的内容', '点开才看得到']]],
  ['办事', [['steps', '办事步骤', '一步一步，带编号'], ['faq', '问答', '常见问题和回答'], ['contacts', '联系方式', '找谁、在哪里、什么时候'], ['timeline', '时间线', '什么时候做了什么'], ['download', '下载文件', '一个可以下载的文件']]],
  ['图片', [['figure', '图片', '带说明和来源的一张图片'], ['gallery', '一组图片', '几张图片排在一起']]],
  ['图', [['flow', '步骤图', '一步一步，各由谁做'], ['decision', '选择图', '几个问题，走到一个结果'], ['bars', '柱图', '几个数比长短'], ['line', '折线图', '一个数怎样变'], ['gauge', '进度图', '目标是多少，到了哪里']]],
  ['列出', [['pages', '文章列表', '列出一个栏目的文章'], ['events', '活动列表', '列出要办的活动'], ['targets', '目标一览', '列出目标和进展'], ['target', '一个目标', '一个目标的进展'], ['table', '数据表', '把数据文件显示成表格'], ['survey', '问卷', '放一份问卷'], ['toc', '本页目录', '列出这一页的标题']]],
];
