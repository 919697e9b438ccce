// The page as readers see it: the preview's own server in a frame, at the width of a computer or a phone. It updates itself; this only
// says which page, at which width. Knows no text.

import { button, fill, h } from './dom.js';

const WIDTHS = { desktop: 1200, phone: 375 };

export class Preview {
  constructor(element, origin) {
    this.origin = origin;
    this.url = '';
    this.loads = 0;
    this.width = 'phone';
    this.stage = h('div', { class: 'stage' });
    this.renew(null);
    this.note = h('p', { class: 'stage-note' });
    const choice = (width, words) => button(words, () => this.setWidth(width), { 'data-width': width, 'aria-pressed': 'false' });
    this.choices = [choice('phone', '手机'), choice('desktop', '电脑')];
    fill(element, h('div', { class: 'pane-head' }, h('h2', {}, '页面的样子'), h('div', { class: 'segmented', role: 'group', 'aria-label': '看多宽的样子' }, this.choices),
      button('重新载入', () => this.reload(), { class: 'quiet' })), this.note, this.stage);
    if ('ResizeObserver' in window) new ResizeObserver(() => this.fit()).observe(this.stage);
    else window.addEventListener('resize', () => this.fit());
    this.setWidth('phone');
  }

  /** Shows an address, also when a link in the frame led elsewhere; `null` shows `words` alone. */
  show(url, words = '') {
    fill(this.note, url === null ? words : '');
    if (url === this.url && this.loads < 2) return;
    const isSame = url === this.url;
    this.url = url;
    this.loads = 0;
    if (isSame && url !== null) this.frame.src = this.address(url);
    else this.renew(url);
  }

  address(url) {
    return this.origin.replace(/\/$/, '') + url;
  }

  /** Another address has another frame: the page that was in the old one may be loading itself again just now, which would win. */
  renew(url) {
    this.frame = h('iframe', { title: '页面的样子', sandbox: 'allow-scripts allow-same-origin allow-forms', referrerpolicy: 'no-referrer', src: url === null ? null : this.address(url) });
    // More than one page since the address was given: a link in it was followed.
    const { frame } = this;
    frame.addEventListener('load', () => { if (this.frame === frame) this.loads += 1; });
    fill(this.stage, frame);
    if (this.choices) this.fit();
  }

  reload() {
    const { url } = this;
    this.url = '';
    this.show(url);
  }

  setWidth(width) {
    this.width = width;
    for (const one of this.choices) one.setAttribute('aria-pressed', String(one.dataset.width === width));
    this.fit();
  }

  /** A wide page is shown smaller, so that all of its width is seen. */
  fit() {
    const { clientWidth, clientHeight } = this.stage;
    if (!clientWidth) return;
    const wide = WIDTHS[this.width];
    const scale = Math.min(1, clientWidth / wide);
    const { style } = this.frame;
    style.width = `${this.width === 'phone' ? Math.min(wide, clientWidth) : Math.max(wide, clientWidth)}px`;
    const shrink = this.width === 'phone' ? 1 : scale;
    style.height = `${clientHeight / shrink}px`;
    style.transform = shrink === 1 ? 'none' : `scale(${shrink})`;
  }
}
