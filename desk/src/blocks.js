// Blocks of a text that have a form: found under the cursor, read, and written again. Pure: texts in, texts out. A block whose writing
// the form cannot hold whole is not read, so that nothing is lost by opening it.

const OPENING = /^(`{3,})\{([^\s{}]+)\}[ \t]*(.*)$/;

/** The block that holds `position`: `{ from, to, name, argument, options, body }`, or null. `body` are its lines without the options. */
export function blockAt(text, position) {
  const lines = text.split('\n');
  let offset = 0;
  let open = null;
  for (const line of lines) {
    const end = offset + line.length;
    if (open) {
      if (new RegExp(`^\`{${open.fence},}\\s*$`).test(line)) {
        if (position <= end) return position >= open.from ? read(open, end) : null;
        open = null;
      } else open.lines.push(line);
    } else {
      const found = OPENING.exec(line);
      const bare = /^(`{3,}|~{3,})/.exec(line);
      if (found) open = { from: offset, fence: found[1].length, name: found[2], argument: found[3].trim(), lines: [] };
      // A block of code hides what looks like a block in it.
      else if (bare) open = { from: Infinity, fence: bare[1].length, lines: [] };
    }
    offset = end + 1;
  }
  return null;
}

function read({ from, name, argument, lines }, to) {
  const options = [];
  let at = 0;
  for (let found; at < lines.length && (found = /^:([^:\s]+):[ \t]*(.*)$/.exec(lines[at])); at += 1) options.push([found[1], found[2].trim()]);
  const body = lines.slice(at);
  while (body.length && !body[body.length - 1].trim()) body.pop();
  return { from, to, name, argument, options, body };
}

/** Steps as `{ what, how, strong, sign }`, or null if a line is something else; `sign` stands between the two. */
export function readSteps(body) {
  const steps = [];
  for (const line of body) {
    if (!line.trim()) continue;
    const found = /^\d+[.)][ \t]+(.*)$/.exec(line) ?? /^\d+[.)]()$/.exec(line);
    if (!found) return null;
    const [, what, sign, how] = /^\*\*([^*]+)\*\*([：:。，]?[ \t]*)(.*)$/.exec(found[1]) ?? [];
    // Words that follow the strong ones at once are one text with them.
    if (what && (sign || !how)) steps.push({ what, how, strong: true, sign });
    else steps.push({ what: found[1].trim(), how: '', strong: false });
  }
  return steps;
}

/** The lines of steps. */
export function writeSteps(steps) {
  const words = ({ what, how, strong, sign }) => (how ? `**${what}**${sign || '：'}${how}` : strong ? `**${what}**${sign?.trim() ?? ''}` : what);
  return steps.map((step, index) => `${index + 1}. ${words(step)}`.trimEnd());
}

/** A plain value of one line as it is meant, or null for every other way of writing one. */
function scalar(text) {
  if (/^"(?:[^"\\]|\\.)*"$/.test(text)) {
    try { return JSON.parse(text); } catch { return null; }
  }
  if (text === '' || /^[[\]{}"'|>&*!%@`?,#-]/.test(text) || /\s#|:\s|:$/.test(text)) return null;
  return text;
}

/** Entries as lists of `{ field, name, value, raw }` (its key and its value as they are written, and what that means), or null if something is written in another way than the form writes it. */
export function readEntries(body, fields) {
  const entries = [];
  for (const line of body) {
    if (!line.trim()) continue;
    const found = /^(- | {2})([^\s:：][^:：]*):(?:[ \t]+(.*))?$/.exec(line);
    const field = found && fields.find((one) => one.key === found[2].trim() || one.write === found[2].trim());
    const value = found && scalar((found[3] ?? '').trim());
    if (!field || value === null || (found[1] === '  ' && !entries.length)) return null;
    if (found[1] === '- ') entries.push([]);
    const entry = entries[entries.length - 1];
    if (entry.some((pair) => pair.field === field)) return null;
    entry.push({ field, name: found[2], value, raw: found[3].trim() });
  }
  return entries;
}
