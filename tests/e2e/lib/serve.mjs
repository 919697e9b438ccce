// A small static file server on 127.0.0.1: folders answer with their index.html, all else that is missing with 404.html.

import fs from 'node:fs';
import http from 'node:http';
import path from 'node:path';

const TYPES = {
  '.html': 'text/html; charset=utf-8', '.js': 'text/javascript; charset=utf-8', '.css': 'text/css; charset=utf-8', '.xml': 'application/xml', '.json': 'application/json',
  '.svg': 'image/svg+xml', '.png': 'image/png', '.jpg': 'image/jpeg', '.webp': 'image/webp', '.txt': 'text/plain; charset=utf-8', '.pdf': 'application/pdf',
};

/** Serves `root` under `prefix`, each answer with `headers`; returns its origin and a way to close it. */
export async function serve(root, prefix = '/', headers = {}) {
  const send = (response, code, file) => {
    response.writeHead(code, { ...headers, 'content-type': TYPES[path.extname(file)] ?? 'application/octet-stream' });
    fs.createReadStream(file).pipe(response);
  };
  const server = http.createServer((request, response) => {
    const address = decodeURIComponent(new URL(request.url, 'http://localhost').pathname);
    let file = address.startsWith(prefix) ? path.join(root, address.slice(prefix.length)) : '';
    if (file && !path.resolve(file).startsWith(path.resolve(root))) file = '';
    if (file && address.endsWith('/')) file = path.join(file, 'index.html');
    if (file && fs.existsSync(file) && fs.statSync(file).isFile()) return send(response, 200, file);
    return send(response, 404, path.join(root, '404.html'));
  });
  await new Promise((ready) => server.listen(0, '127.0.0.1', ready));
  return { origin: `http://127.0.0.1:${server.address().port}`, close: () => server.close() };
}
