// Talks to the program: the token of this start, JSON requests and their errors. Knows no page and no element.

const KEY = 'puzhi-desk-token';
let token = '';

/** Takes the token from the address, which then no longer shows it, or gets it for the code in the address, or takes it from this tab's
 *  memory. Resolves to whether there is one. */
export async function takeToken() {
  const given = /^#(once-)?([0-9a-f]{64})$/.exec(location.hash);
  if (location.hash) history.replaceState(null, '', location.pathname);
  if (!given) {
    token = sessionStorage.getItem(KEY) || '';
    return token !== '';
  }
  token = given[1] ? await post('/api/token', { code: given[2] }).then((answer) => answer.token, (error) => { if (error.code === 'stolen') throw error; return ''; }) : given[2];
  sessionStorage.setItem(KEY, token);
  return token !== '';
}

/** What the program answers when it does not do what was asked; `code` is empty when it could not be reached. */
export class Refusal extends Error {
  constructor(status, code, message, hint, body) {
    super(message);
    Object.assign(this, { status, code, hint, body });
  }
}

async function send(method, path, { body, type, signal, keepalive } = {}) {
  const headers = { 'X-Desk-Token': token };
  if (type) headers['Content-Type'] = type;
  let answer;
  try {
    answer = await fetch(path, { method, headers, body, signal, keepalive, cache: 'no-store', credentials: 'omit', redirect: 'error' });
  } catch (error) {
    if (error.name === 'AbortError') throw error;
    throw new Refusal(0, '', '连不上程序。它可能已经关闭。', '重新打开程序。', null);
  }
  if (answer.ok) return answer;
  const said = await answer.json().catch(() => ({}));
  const { code = 'unknown', message = `程序没有照办（${answer.status}）。`, hint = '' } = said.error || {};
  throw new Refusal(answer.status, code, message, hint, said);
}

/** GET with a query; resolves to JSON. */
export async function get(path, query = {}, options = {}) {
  const words = new URLSearchParams(Object.entries(query).filter(([, value]) => value !== null && value !== undefined));
  return (await send('GET', words.toString() ? `${path}?${words}` : path, options)).json();
}

/** POST of JSON; resolves to JSON. */
export async function post(path, value, options = {}) {
  return (await send('POST', path, { ...options, body: JSON.stringify(value), type: 'application/json' })).json();
}

/** POST of bytes; resolves to JSON. */
export async function upload(path, query, blob) {
  return (await send('POST', `${path}?${new URLSearchParams(query)}`, { body: blob, type: 'application/octet-stream' })).json();
}

/** GET of a file as a blob. */
export async function download(path) {
  return (await send('GET', path)).blob();
}
