// Client script of the live preview. Receives updates over a WebSocket and changes the open page in place, so that scroll position,
// focus, open <details> and typed text are kept. The server adds it to each page it sends; the built site never contains it.
(() => {
  'use strict';
  const script = document.currentScript;
  if (!script || window.puzhi) return;
  const PANEL = 'puzhi-notes';
  const state = (window.puzhi = { updates: 0, connected: false });
  let have = script.dataset.hash;
  let wait = 250;
  let timer = 0;
  let busy = false;
  let again = null;

  // --- the socket ---------------------------------------------------------------------------------------------------

  function connect() {
    clearTimeout(timer);
    const query = `page=${encodeURIComponent(location.pathname)}&have=${have}`;
    const socket = new WebSocket(`ws://${location.host}/__puzhi/live?${query}`);
    socket.onopen = () => {
      wait = 250;
      state.connected = true;
      lost(false);
    };
    socket.onmessage = (message) => {
      const news = JSON.parse(message.data);
      if (news.files !== undefined) changed(news.files);
      if (busy) again = news;
      else take(news);
    };
    socket.onclose = () => {
      if (state.connected) setTimeout(() => state.connected || lost(true), 2000);
      state.connected = false;
      timer = setTimeout(connect, wait);
      wait = Math.min(wait * 2, 8000);
    };
    window.addEventListener('pagehide', () => socket.close(), { once: true });
  }

  async function take(news) {
    busy = true;
    try {
      if (news.page !== have) await page(news.html);
      state.updates += 1;
    } catch {
      // The server is not reachable now. The next connection updates the page.
    } finally {
      busy = false;
      const next = again;
      again = null;
      if (next) take(next);
    }
  }

  /** Shows a note in the corner while there is no connection, and removes it otherwise. */
  function lost(yes) {
    document.querySelector('puzhi-lost')?.remove();
    if (!yes) return;
    const host = document.createElement('puzhi-lost');
    const note = host.attachShadow({ mode: 'open' }).appendChild(document.createElement('p'));
    note.textContent = '预览断开了，正在重新连接';
    note.setAttribute('role', 'status');
    note.style.cssText = 'all:initial;position:fixed;inset:auto auto 1rem 1rem;z-index:2147483647;padding:.5rem 1rem;font:16px/1.6 system-ui,sans-serif;color:#fffdf8;background:#1c1917';
    document.body.append(host);
  }

  // --- the page -----------------------------------------------------------------------------------------------------

  /** Takes the page as it is now: `html` if it came with the news, else it is fetched. */
  async function page(html) {
    const response = html ? null : await fetch(location.pathname + location.search, { cache: 'no-store' });
    const next = new DOMParser().parseFromString(html ?? (await response.text()), 'text/html');
    const hash = next.querySelector('script[data-hash]')?.dataset.hash;
    // The address redirects now or is not a page any more: let the browser load it.
    if (!hash || response?.redirected) return location.reload();
    const runs = (s) => !s.type || s.type === 'module' || s.type.endsWith('javascript');
    const scripts = (doc) => [...doc.querySelectorAll('script:not([data-hash])')].filter(runs).map((s) => s.outerHTML).join();
    // Changed scripts run only after a reload. The browser restores the scroll position itself.
    if (scripts(next) !== scripts(document)) return location.reload();
    const anchor = mark();
    const panel = next.querySelector(PANEL);
    panel?.remove();
    next.querySelector('script[data-hash]').remove();
    document.querySelector(PANEL)?.remove();
    script.remove();
    attributes(document.documentElement, next.documentElement);
    await head(next.head);
    attributes(document.body, next.body);
    children(document.body, next.body);
    if (panel) {
      const host = document.createElement(PANEL);
      host.setAttribute('role', 'alert');
      const inside = panel.querySelector('template')?.content ?? panel;
      host.attachShadow({ mode: 'open' }).append(document.importNode(inside, true));
      document.body.append(host);
    }
    document.body.append(script);
    script.dataset.hash = have = hash;
    restore(anchor);
  }

  /** The scroll position, the focused element, and an element near the top of the window with its offset. */
  function mark() {
    const at = { x: window.scrollX, y: window.scrollY, focus: document.activeElement, element: null, top: 0 };
    if (at.y < 4) return at;
    const shown = document.elementsFromPoint(innerWidth / 2, 8).concat(document.elementsFromPoint(innerWidth / 2, innerHeight / 3));
    const flows = (e) => !/fixed|sticky/.test(getComputedStyle(e).position);
    at.element = shown.find((e) => e.parentElement && e !== document.body && e.clientHeight < innerHeight && flows(e)) ?? null;
    at.top = at.element?.getBoundingClientRect().top ?? 0;
    return at;
  }

  function restore(at) {
    if (at.focus?.isConnected && document.activeElement !== at.focus) at.focus.focus({ preventScroll: true });
    const behavior = 'instant';
    if (at.element?.isConnected) {
      const moved = at.element.getBoundingClientRect().top - at.top;
      if (moved) window.scrollBy({ top: moved, behavior });
    } else if (window.scrollY !== at.y) {
      window.scrollTo({ left: at.x, top: at.y, behavior });
    }
  }

  function attributes(old, next) {
    // Keep what the reader opened or closed.
    const keep = (name) => name === 'open' && /^(DETAILS|DIALOG)$/.test(old.nodeName);
    for (const { name } of [...old.attributes]) if (!next.hasAttribute(name) && !keep(name)) old.removeAttribute(name);
    for (const { name, value } of next.attributes) {
      if (old.getAttribute(name) !== value && !keep(name) && written.get(old) !== value) old.setAttribute(name, value);
    }
  }

  /** Original addresses of elements whose address was changed to load a newer file. */
  const written = new WeakMap();

  const equal = (old, next) => {
    if (old.isEqualNode(next)) return true;
    if (!written.has(old)) return false;
    const plain = old.cloneNode();
    plain.setAttribute(old.nodeName === 'LINK' ? 'href' : 'src', written.get(old));
    return plain.isEqualNode(next);
  };

  const same = (a, b) => a.nodeType === b.nodeType && a.nodeName === b.nodeName && (a.id ?? '') === (b.id ?? '');

  /** Replaces the children of `old` by those of `next`, and keeps every node that is equal. */
  function children(old, next) {
    const from = [...old.childNodes];
    const to = [...next.childNodes];
    let start = 0;
    let end = 0;
    while (start < from.length && start < to.length && equal(from[start], to[start])) start += 1;
    while (end < from.length - start && end < to.length - start && equal(from[from.length - 1 - end], to[to.length - 1 - end])) end += 1;
    const gone = from.slice(start, from.length - end);
    const come = to.slice(start, to.length - end);
    const after = from[from.length - end] ?? null;
    let passed = 0;
    let done = 0;
    for (const [g, c] of [...matches(gone, come), [gone.length, come.length]]) {
      stretch(old, gone.slice(passed, g), come.slice(done, c), gone[g] ?? after);
      passed = g + 1;
      done = c + 1;
    }
  }

  /** Updates the nodes between two kept nodes: nodes of the same kind are changed in place, others are removed or inserted. */
  function stretch(old, gone, come, after) {
    for (const node of come) {
      const at = gone.findIndex((g) => same(g, node));
      if (at < 0) {
        old.insertBefore(document.importNode(node, true), gone[0] ?? after);
        continue;
      }
      for (const passed of gone.splice(0, at)) passed.remove();
      const kept = gone.shift();
      if (kept.nodeType !== Node.ELEMENT_NODE) kept.nodeValue = node.nodeValue;
      else {
        attributes(kept, node);
        children(kept, node);
      }
    }
    for (const node of gone) node.remove();
  }

  /** The longest common subsequence of two node lists, as pairs of indexes. For very long lists, only equal nodes at equal indexes. */
  function matches(gone, come) {
    const key = (node) => node.outerHTML ?? `${node.nodeType}${node.nodeValue}`;
    const [a, b] = [gone.map(key), come.map(key)];
    const found = [];
    if (a.length * b.length > 1e6) {
      for (let i = 0; i < Math.min(a.length, b.length); i += 1) if (a[i] === b[i]) found.push([i, i]);
      return found;
    }
    const rows = Array.from({ length: a.length + 1 }, () => new Uint32Array(b.length + 1));
    for (let i = a.length - 1; i >= 0; i -= 1) {
      for (let j = b.length - 1; j >= 0; j -= 1) rows[i][j] = a[i] === b[j] ? rows[i + 1][j + 1] + 1 : Math.max(rows[i + 1][j], rows[i][j + 1]);
    }
    for (let i = 0, j = 0; i < a.length && j < b.length;) {
      if (a[i] === b[j]) found.push([i++, j++]);
      else if (rows[i + 1][j] >= rows[i][j + 1]) i += 1;
      else j += 1;
    }
    return found;
  }

  /** Updates the head to the order of `next`. Kept style sheets are not moved, because that would load them again. Old ones are removed after the new ones have loaded. */
  async function head(next) {
    const old = [...document.head.children];
    const stay = new Set();
    const loading = [];
    let last = null;
    for (const node of [...next.children]) {
      const twin = old.find((o) => !stay.has(o) && equal(o, node));
      const place = twin ?? document.importNode(node, true);
      stay.add(place);
      if (!twin) {
        if (place.nodeName === 'LINK' && place.rel === 'stylesheet') loading.push(loaded(place));
        if (last) last.after(place);
        else document.head.prepend(place);
      }
      last = place;
    }
    await Promise.all(loading);
    for (const node of old) if (!stay.has(node)) node.remove();
  }

  const loaded = (link) => new Promise((done) => {
    link.addEventListener('load', done, { once: true });
    link.addEventListener('error', done, { once: true });
    setTimeout(done, 3000);
  });

  // --- style sheets and pictures that keep their address ------------------------------------------------------------

  const tags = new Map();

  const own = (address) => {
    const url = new URL(address, document.baseURI);
    return url.origin === location.origin ? url : null;
  };

  async function tag(url) {
    const response = await fetch(url, { method: 'HEAD', cache: 'no-store' });
    return response.headers.get('etag');
  }

  let looking = false;
  let rest = [];

  /** Looks at files that may have changed, one list after the other and beside the page, which does not wait for them. */
  async function changed(list) {
    rest = list === null || rest === null ? null : [...rest, ...list];
    if (looking) return;
    looking = true;
    while (rest === null || rest.length) {
      const now = rest;
      rest = [];
      await files(now).catch(() => {});
    }
    looking = false;
  }

  /** Loads changed style sheets and images again. `changed` is a list of output paths; null means that any may have changed. */
  async function files(changed) {
    const links = [...document.querySelectorAll('link[rel="stylesheet"][href]')];
    const images = [...document.images].filter((image) => image.getAttribute('src'));
    for (const element of [...links, ...images]) {
      const name = element.nodeName === 'LINK' ? 'href' : 'src';
      const address = written.get(element) ?? element.getAttribute(name);
      const url = own(address);
      if (!url || (changed && !changed.some((path) => decodeURI(url.pathname).endsWith(`/${path}`)))) continue;
      const now = await tag(url);
      const before = tags.get(url.href);
      tags.set(url.href, now);
      if (before === undefined || before === now || !now) continue;
      url.searchParams.set('puzhi', now.replaceAll('"', ''));
      if (name === 'src') {
        written.set(element, address);
        element.src = url.href;
        continue;
      }
      const fresh = element.cloneNode();
      written.set(fresh, address);
      fresh.href = url.href;
      const ready = loaded(fresh);
      element.after(fresh);
      await ready;
      element.remove();
    }
  }

  /** Records the entity tags of the current style sheets and images for later comparison. */
  async function learn() {
    for (const element of document.querySelectorAll('link[rel="stylesheet"][href], img[src]')) {
      const url = own(element.getAttribute(element.nodeName === 'LINK' ? 'href' : 'src'));
      if (url && !tags.has(url.href)) tags.set(url.href, await tag(url).catch(() => undefined));
    }
  }

  // Fallback for browsers without declarative shadow trees: attach the panel's shadow tree by script.
  for (const template of document.querySelectorAll(`${PANEL} > template`)) {
    template.parentNode.attachShadow({ mode: 'open' }).append(template.content);
    template.remove();
  }
  document.querySelector(PANEL)?.setAttribute('role', 'alert');
  learn().finally(connect);
})();
