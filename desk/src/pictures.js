// Pictures that are chosen, dropped or pasted: sent to the program, then written into the text with their description.

import { upload } from './api.js';
import { h, labelled } from './dom.js';
import { openDialog } from './dialog.js';
import { size } from './words.js';

const MOST_BYTES = 32 * 1024 * 1024;

/** The pictures among the files of a paste or a drop. */
export function picturesIn(transfer) {
  return [...(transfer?.files || [])].filter((file) => /^image\//.test(file.type));
}

/** Asks for a picture, or takes `file`; resolves to Markdown, or to `undefined`. */
export function addPicture(page, file) {
  const input = h('input', { type: 'file', accept: 'image/*' });
  const alt = h('input', { type: 'text', autocomplete: 'off' });
  const caption = h('input', { type: 'text', autocomplete: 'off' });
  const name = file ? h('p', {}, `${file.name || '粘贴的图片'}（${size(file.size)}）`) : labelled('选一张图片', input);
  return openDialog({
    title: '插入图片',
    body: [name, labelled('图里是什么', alt, { help: '给看不见图的人听的一句话，例如“台上三个人在揭牌”。' }), labelled('图下面的文字', caption, { help: '可以不写。' })],
    start: file ? alt : input,
    actions: [{ label: '插入', main: true, run: async () => {
      const chosen = file || input.files[0];
      if (!chosen) throw new Error('还没有选图片。');
      if (chosen.size > MOST_BYTES) throw new Error('图片超过 32 MB，太大了。先缩小再插入。');
      const answer = await upload('/api/picture', { page, name: chosen.name || 'picture.png' }, chosen);
      const words = alt.value.trim().replace(/[\[\]]/g, '');
      const link = /[\s()]/.test(answer.link) ? `<${answer.link}>` : answer.link;
      const text = caption.value.trim()
        ? `\`\`\`{figure} ${answer.link}\n${words ? `:alt: ${words}\n` : ''}:caption: ${caption.value.trim()}\n\`\`\``
        : `![${words}](${link})`;
      return { text, note: answer.note };
    } }],
  }).closed;
}
