// Finds pages with the index beside the search page; docs/search/format.md describes its files and how results are ranked.
// What was typed and what was found become text nodes, never HTML. tests/site/search/evaluator.rs ranks in the same way.
(function () {
  var TITLE = 7, NAME = 5, HEADING = 2.5, COUNTS = [0, 1, 2, 3, 4.5, 7, 12, 20, 32];
  var SYNONYM = 0.8, LEAST = 0.12, SHOWN = 10, LONGEST = 100, MOST_UNITS = 16;
  var HAN = /[\u3005\u3007\u3040-\u30FF\u3400-\u4DBF\u4E00-\u9FFF\uAC00-\uD7AF\uF900-\uFAFF\uD840-\uD888]/;
  var LETTER = /[a-zA-Z0-9\xC0-\xD6\xD8-\xF6\xF8-\u1FFF]/;
  var index, facts, files = {}, lists = {};

  // The name that the files of the index call.
  window.puzhiSearch = function (name, first, second) {
    files[name] = second === undefined ? first : { terms: first, lists: second };
    if (name === 'i.js') { index = first; readFacts(); }
  };

  // Numbers: symbols of 46 and more are lower digits, one below 46 ends the number.
  function Reader(text, at) { this.text = text; this.at = at; }
  Reader.prototype.symbol = function () {
    var c = this.text.charCodeAt(this.at++);
    return c - 32 - (c > 34) - (c > 60) - (c > 92);
  };
  Reader.prototype.number = function () {
    var value = 0, place = 1, digit = this.symbol();
    for (; digit >= 46; place *= 46, digit = this.symbol()) value += place * (digit - 46);
    return value + place * digit;
  };
  function lengthOf(c) { return (4 + c % 4) * Math.pow(2, Math.floor(c / 4)); }
  function readFacts() {
    var from = new Reader(index.facts, 0), average = lengthOf(index.average), i;
    facts = [];
    for (i = 0; i < index.pages; i++) {
      facts.push({
        norm: 1.5 * (0.7 + 0.3 * lengthOf(from.symbol()) / average), title: TITLE * 10 / (6 + from.symbol()),
        prior: 0.5 + from.symbol() / 20, check: from.symbol(), kind: from.number(), year: from.number()
      });
    }
  }

  // Text to units: Han characters one by one, other words whole.
  function normalised(text) {
    return text.replace(/[A-Z\uFF01-\uFF5E\xB7\xC0-\u052F]/g, function (c) {
      if (c === '\xB7') return '.';
      if (c >= '\uFF01') c = String.fromCharCode(c.charCodeAt(0) - 0xFEE0);
      var lower = c.toLowerCase();
      return lower.length === 1 ? lower : c;
    });
  }
  function isDigit(c) { return c >= '0' && c <= '9'; }
  function unitsOf(text) {
    var all = [], joined = false, i = 0, end;
    while (i < text.length) {
      end = i + 1;
      if (HAN.test(text[i])) {
        if (text[i] >= '\uD800' && text[i] < '\uDC00') end++;
        all.push({ text: text.slice(i, end), han: true, joined: joined });
        joined = true;
      } else if (LETTER.test(text[i])) {
        while (end < text.length && (LETTER.test(text[end]) || text[end] === '.' && isDigit(text[end - 1]) && isDigit(text[end + 1] || ''))) end++;
        all.push({ text: text.slice(i, Math.min(end, i + 32)), han: false, joined: joined });
        joined = true;
      } else joined = false;
      i = end;
    }
    return all;
  }
  function termsOf(units) {
    var all = [];
    units.forEach(function (unit, i) {
      var next = units[i + 1];
      next = next && next.joined ? next : null;
      if (!unit.han || !unit.joined && !next) all.push(unit.text);
      if (next && (unit.han || next.han)) all.push(unit.text + next.text);
    });
    return all.filter(function (term, i) { return all.indexOf(term) === i; });
  }

  // Shards: a term's list of pages, with weights and pieces, or with positions.
  function hashOf(text) {
    var hash = 0, i;
    for (i = 0; i < text.length; i++) hash = Math.imul(hash, 31) + text.charCodeAt(i) | 0;
    return Math.imul(hash ^ hash >>> 11, 0x9E3779B1) >>> 0;
  }
  function shardOf(term, bits) { return bits > 0 ? hashOf(term) >>> 32 - bits : 0; }
  function fileOf(term, kind) { return kind + '/' + shardOf(term, kind === 'p' ? index.bits - 3 : index.bits) + '.js'; }
  function textOf(term, kind) {
    var name = fileOf(term, kind), file = files[name], from, i, length;
    if (!file) return '';
    if (!file.at) {
      file.at = {};
      from = new Reader(file.lists, 0);
      file.terms.split(' ').forEach(function (known) {
        length = from.number();
        file.at['.' + known] = file.lists.slice(from.at, from.at + length);
        from.at += length;
      });
    }
    i = file.at['.' + term];
    return i || '';
  }
  function listOf(term) {
    if (lists['.' + term]) return lists['.' + term];
    var text = textOf(term, 't'), from = new Reader(text, 0), list = { pages: [], weights: [], pieces: [] }, page = 0, step;
    while (from.at < text.length) {
      step = from.number();
      page += Math.floor(step / 2);
      // A file that is newer than the list of pages.
      if (page >= index.pages) break;
      list.pages.push(page++);
      list.weights.push(from.symbol());
      list.pieces.push(step % 2 ? from.number() : 1);
    }
    list.idf = Math.log(1 + (index.pages - list.pages.length + 0.5) / (list.pages.length + 0.5));
    return lists['.' + term] = list;
  }
  function positionsOf(term) {
    var text = textOf(term, 'p'), from = new Reader(text, 0), pages = {}, page = 0, step, block, last;
    while (from.at < text.length) {
      page += from.number();
      pages[page] = {};
      block = 0;
      do {
        step = from.number();
        last = step % 2;
        step = (step - last) / 2;
        block += Math.floor(step / 8);
        pages[page][block * 8 + step % 8 + ':' + from.number()] = true;
      } while (!last);
      page++;
    }
    return pages;
  }

  // A query: phrases in quotation marks, the words of the rest, synonyms of these, and Latin letters read as pinyin.
  function parse(text) {
    var query = { phrases: [], groups: [] }, single = '';
    var rest = normalised(text.slice(0, LONGEST)).replace(/["\u201C\u201D\u300C\u300E]([^"\u201C\u201D\u300C\u300D\u300E\u300F]+)["\u201C\u201D\u300D\u300F]/g, function (all, phrase) {
      phrase.split(/[\u3002\uFF01\uFF1F\uFF1B!?;\n]/).forEach(function (part) {
        var units = unitsOf(part);
        if (units.length === 1 && units[0].han) single += ' ' + part;
        else if (units.length) query.phrases.push(units);
      });
      return ' ';
    });
    rest += single;
    index.synonyms.forEach(function (row) {
      if (query.groups.length < 6 && stands(rest, row[0])) {
        query.groups.push({ weight: SYNONYM, ways: row.slice(1).map(function (word) { return termsOf(unitsOf(word)); }) });
      }
    });
    var cut = rest;
    index.stop.forEach(function (word) { cut = cut.split(word).join(' '); });
    query.units = unitsOf(cut);
    if (!query.units.length) query.units = unitsOf(rest);
    query.terms = termsOf(query.units);
    query.phrases.forEach(function (units) { query.terms = query.terms.concat(termsOf(units)); });
    var ways = pinyin(query.units);
    if (ways.length) query.groups.push({ weight: 1, ways: ways });
    return query;
  }
  // Whether a word stands in a text, not as a part of a longer word of letters.
  function stands(text, word) {
    for (var at = text.indexOf(word); at >= 0; at = text.indexOf(word, at + 1)) {
      if (!(LETTER.test(word[0]) && at && LETTER.test(text[at - 1])) &&
        !(LETTER.test(word[word.length - 1]) && LETTER.test(text[at + word.length] || ' '))) return true;
    }
    return false;
  }
  var SYLLABLE = /^(?:[zcs]h|[bpmfdtnlgkhjqxrzcsyw])?(?:iang|iong|uang|[aeio]ng|ian|iao|uai|uan|[aeiuv]n|ai|ei|ao|ou|i[aeu]|u[aeoi]|ve|er|[aeiouv])$/;
  function pinyin(units) {
    var letters = units.map(function (unit) { return unit.text; });
    if (!letters.length || units.some(function (unit) { return unit.han || !/^[a-z]{1,24}$/.test(unit.text); })) return [];
    var ways = [];
    cuts(letters.join(''), [], ways, { left: 1000 });
    ways = ways.map(function (cut) { return pairs(cut, "'", "'"); });
    var initials = letters.join('');
    if (initials.length > 1 && initials.length < 9) ways.push(pairs(initials.split(''), ':', ''));
    return ways.filter(function (way) { return way.length; });
  }
  // Up to eight ways to cut letters into syllables.
  function cuts(letters, before, ways, steps) {
    if (ways.length >= 8 || before.length > 12 || steps.left-- <= 0) return;
    if (!letters) { ways.push(before); return; }
    for (var length = Math.min(6, letters.length); length; length--) {
      if (SYLLABLE.test(letters.slice(0, length))) cuts(letters.slice(length), before.concat(letters.slice(0, length)), ways, steps);
    }
  }
  function pairs(parts, mark, between) {
    return parts.slice(1).map(function (part, i) { return mark + parts[i] + between + part; });
  }

  // Ranking. BM25 over one weighted frequency; see the format's description.
  function add(terms, scores, known) {
    var total = 0, sums = {};
    terms.forEach(function (term) {
      var list = listOf(term);
      if (!list.pages.length && known) return;
      total += list.idf;
      list.pages.forEach(function (page, i) {
        var weight = list.weights[i], w = COUNTS[Math.floor(weight / 8)];
        if (weight & 1) w += facts[page].title;
        if (weight & 2) w += NAME;
        if (weight & 4) w += HEADING;
        var sum = sums[page] = sums[page] || { score: 0, covered: 0 };
        sum.score += list.idf * w / (w + facts[page].norm);
        sum.covered += list.idf;
      });
    });
    Object.keys(sums).forEach(function (page) {
      var part = sums[page].covered / total;
      scores[page] = Math.max(scores[page] || 0, sums[page].score * (known ? part : part * part));
    });
  }
  function evaluate(query) {
    var scores = {}, allowed = query.phrases.map(pagesWith), found = [], top = 0;
    add(query.terms, scores, true);
    query.groups.forEach(function (group) {
      var best = {};
      group.ways.forEach(function (terms) { add(terms, best, false); });
      Object.keys(best).forEach(function (page) { scores[page] = (scores[page] || 0) + group.weight * best[page]; });
    });
    Object.keys(scores).forEach(function (page) {
      var score = Math.round(scores[page] * facts[page].prior * 1e6);
      if (score > 0 && allowed.every(function (pages) { return pages[page]; })) {
        found.push({ page: +page, score: score });
        top = Math.max(top, score);
      }
    });
    if (!allowed.length) found = found.filter(function (one) { return one.score >= top * LEAST; });
    return found.sort(function (a, b) { return b.score - a.score || a.page - b.page; });
  }
  // The fewest terms that cover a phrase, each with its place in it.
  function coverOf(units) {
    var all = [];
    units.forEach(function (unit, i) {
      var next = units[i + 1], after = units[i + 2];
      next = next && next.joined ? next : null;
      if (!unit.han) all.push({ term: unit.text, at: i });
      if (!next || !(unit.han || next.han)) return;
      var last = all[all.length - 1], covered = last && last.pair && last.at === i - 1;
      if (!covered || !(after && after.joined)) all.push({ term: unit.text + next.text, at: i, pair: true });
    });
    return all.length ? all : termsOf(units).map(function (term) { return { term: term, at: 0 }; });
  }
  function pagesWith(units) {
    if (!mayStand(units)) return {};
    var cover = coverOf(units).map(function (part) { return { at: part.at, pages: positionsOf(part.term) }; }), found = {};
    if (cover.length) Object.keys(cover[0].pages).forEach(function (page) {
      found[page] = Object.keys(cover[0].pages[page]).some(function (place) {
        place = place.split(':');
        return cover.every(function (part) { return part.pages[page] && part.pages[page][place[0] + ':' + (+place[1] - cover[0].at + part.at)]; });
      });
    });
    return found;
  }
  function filesOf(query) {
    var names = query.terms.map(function (term) { return fileOf(term, 't'); });
    query.groups.forEach(function (group) { group.ways.forEach(function (terms) { terms.forEach(function (term) { names.push(fileOf(term, 't')); }); }); });
    return names;
  }
  // Positions are loaded for phrases whose terms stand together in some page.
  function positionFilesOf(query) {
    var names = [];
    query.phrases.filter(mayStand).forEach(function (units) { coverOf(units).forEach(function (part) { names.push(fileOf(part.term, 'p')); }); });
    return names;
  }
  function mayStand(units) {
    var counts = {}, cover = coverOf(units);
    cover.forEach(function (part) { listOf(part.term).pages.forEach(function (page) { counts[page] = (counts[page] || 0) + 1; }); });
    return Object.keys(counts).some(function (page) { return counts[page] === cover.length; });
  }

  // One wrong character: a place whose pairs no page has, and a known word that differs there alone.
  function wrongPlaces(units) {
    var places = [], missing = [];
    units.forEach(function (unit, i) {
      var next = units[i + 1];
      missing.push(!!(unit.han && next && next.han && next.joined && !listOf(unit.text + next.text).pages.length));
    });
    units.forEach(function (unit, i) {
      var before = unit.joined && i > 0 && units[i - 1].han, after = units[i + 1] && units[i + 1].joined && units[i + 1].han;
      if (unit.han && (before || after) && (!before || missing[i - 1]) && (!after || missing[i])) places.push(i);
    });
    return places;
  }
  function ends(units, place) {
    var next = units[place + 1];
    return !(place && units[place].joined && units[place - 1].han) || !(next && next.joined && next.han);
  }
  function corrected(units, places, words) {
    if (units.length > MOST_UNITS) return null;
    var best = null, known = {};
    words.forEach(function (word) { known['.' + word] = true; });
    places.forEach(function (place) {
      words.forEach(function (word) {
        for (var j = 0; j < word.length; j++) {
          if (word[j] === units[place].text) continue;
          var left = 0, right = 0;
          while (left < j && place - left > 0 && units[place - left].joined && units[place - left - 1].text === word[j - left - 1]) left++;
          while (j + right + 1 < word.length && units[place + right + 1] && units[place + right + 1].joined && units[place + right + 1].text === word[j + right + 1]) right++;
          if (left + right < 2 && !(left + right === 1 && units.length === 2)) continue;
          // Between two characters it must fit both; at an end it may be one more character beside a word that is right.
          if (!(left && right) && !ends(units, place)) continue;
          if (!left !== !right && known['.' + (left ? word.slice(j - left, j) : word.slice(j + 1, j + 1 + right))]) continue;
          if (!best || left + right > best.same) best = { same: left + right, place: place, character: word[j] };
        }
      });
    });
    if (!best) return null;
    return units.map(function (unit, i) {
      return { text: i === best.place ? best.character : unit.text, han: unit.han, joined: unit.joined };
    });
  }

  // Terms of a query that can stand in a text, each with its weight.
  function marksOf(query) {
    var weights = {};
    query.groups.reduce(function (all, group) { return all.concat.apply(all, group.ways); }, query.terms).forEach(function (term) {
      if (listOf(term).pages.length && !/^[':]/.test(term)) weights[term] = listOf(term).idf;
    });
    return weights;
  }
  // Which characters of a text stand in one of the terms, and what the terms in it weigh.
  function marked(text, weights) {
    var plain = normalised(text), inside = [], weight = 0;
    Object.keys(weights).forEach(function (term) {
      var at = plain.indexOf(term), stands = false, i;
      for (; at >= 0; at = plain.indexOf(term, at + 1)) {
        if (LETTER.test(term[0]) && at && LETTER.test(plain[at - 1])) continue;
        if (LETTER.test(term[term.length - 1]) && LETTER.test(plain[at + term.length] || ' ')) continue;
        for (i = at; i < at + term.length; i++) inside[i] = true;
        stands = true;
      }
      if (stands) weight += weights[term];
    });
    return { inside: inside, weight: weight };
  }
  // The piece of a page's text in which most of the query stands.
  function pieceOf(page, query) {
    var sums = {}, best = 0;
    Object.keys(marksOf(query)).forEach(function (term) {
      var list = listOf(term), i = list.pages.indexOf(page), piece;
      for (piece = 0; i >= 0 && piece < 30; piece++) {
        if (list.pieces[i] >> piece & 1) sums[piece] = (sums[piece] || 0) + list.idf;
      }
    });
    Object.keys(sums).forEach(function (piece) { if (sums[piece] > (sums[best] || 0)) best = +piece; });
    return best;
  }

  window.puzhiSearch.internals = {
    parse: parse, evaluate: evaluate, filesOf: filesOf, positionFilesOf: positionFilesOf, wrongPlaces: wrongPlaces, corrected: corrected, termsOf: termsOf, pieceOf: pieceOf,
    index: function () { return index; }, files: files
  };
  if (typeof document === 'undefined') return;

  // The page.
  var box, words, turn = 0, base = '';
  function $(name) { return box.querySelector('[data-search=' + name + ']'); }
  function make(name, content, of) {
    var element = document.createElement(name);
    if (of) element.className = of;
    element.append.apply(element, [].concat(content));
    return element;
  }
  function load(names, done) {
    var left = 1, failed = 0;
    function end() { if (!--left) done(failed); }
    names.forEach(function (name, i) {
      if (files[name] !== undefined || names.indexOf(name) !== i) return;
      var script = document.createElement('script');
      left++;
      script.src = base + name + '?' + index.version;
      script.onload = function () { failed += files[name] === undefined; end(); };
      script.onerror = function () { failed++; end(); };
      document.head.appendChild(script);
    });
    end();
  }
  function say(text) { $('status').textContent = text; }
  function run(text) {
    var now = ++turn, query;
    function loaded(names, then) {
      load(names, function (failed) {
        if (now !== turn) return;
        if (failed) say(words.failed); else then();
      });
    }
    clear();
    $('topics').hidden = !!text;
    if (!text) return say('');
    if (!index) return say(words.failed);
    say(words.wait);
    query = parse(text);
    loaded(filesOf(query), function () {
      var places = wrongPlaces(query.units);
      if (!places.length) return found(query);
      loaded(['w.js'], function () {
        var better = corrected(query.units, places, files['w.js'].split(' '));
        if (!better) return found(query);
        query.groups.push({ weight: 1, ways: [termsOf(better)] });
        query.better = better.map(function (unit, i) { return (unit.joined || !i ? '' : ' ') + unit.text; }).join('');
        loaded(filesOf(query), function () { found(query); });
      });
    });
  }
  function clear() {
    $('results').textContent = '';
    ['filters', 'more', 'better'].forEach(function (name) { $(name).hidden = true; });
  }
  function found(query) {
    var now = turn;
    load(positionFilesOf(query), function (failed) {
      if (now !== turn) return;
      if (failed) say(words.failed); else list(query, evaluate(query));
    });
  }
  function list(query, all) {
    if (query.better) {
      $('better').textContent = '';
      $('better').append(words.better, make('a', query.better));
      $('better').lastChild.href = '?q=' + encodeURIComponent(query.better);
      $('better').hidden = false;
    }
    choices($('kind'), all, function (one) { return index.kinds[facts[one.page].kind]; });
    choices($('year'), all, function (one) { return facts[one.page].year ? String(1900 + facts[one.page].year) : ''; });
    $('filters').hidden = all.length < 2;
    function show() {
      var kind = $('kind').value, year = $('year').value;
      var those = all.filter(function (one) {
        var fact = facts[one.page];
        return (!kind || index.kinds[fact.kind] === kind) && (!year || String(1900 + fact.year) === year);
      });
      $('results').textContent = '';
      say((those.length ? words.count : words.none).replace('{n}', those.length));
      $('topics').hidden = !!those.length;
      more(query, those, 0, turn);
    }
    $('kind').onchange = $('year').onchange = function () { turn++; show(); };
    show();
  }
  // The choices of a filter: only what is among the results, each with its number.
  function choices(select, all, of) {
    var counts = {};
    all.forEach(function (one) { if (of(one)) counts[of(one)] = (counts[of(one)] || 0) + 1; });
    while (select.options.length > 1) select.remove(1);
    Object.keys(counts).sort(function (a, b) { return +b - +a || counts[b] - counts[a]; }).forEach(function (name) {
      select.add(new Option(name + ' (' + counts[name] + ')', name));
    });
    select.parentNode.hidden = select.options.length < 3;
  }
  function more(query, those, from, now) {
    var next = those.slice(from, from + SHOWN).map(function (one) {
      var group = Math.floor(one.page / index.group), name = 'd/' + group + '-' + pieceOf(one.page, query) + '.js';
      return { page: one.page, name: name, at: one.page % index.group };
    });
    load(next.map(function (one) { return one.name; }), function (failed) {
      if (now !== turn) return;
      next.forEach(function (one) {
        var page = (files[one.name] || [])[one.at];
        // An old list of pages from a cache has others at these numbers.
        if (!page || hashOf(page[1]) % 92 !== facts[one.page].check) failed++;
        else $('results').append(result(page, facts[one.page], marksOf(query)));
      });
      if (failed) say(words.failed);
      $('more').hidden = those.length <= from + SHOWN;
      $('more').onclick = function () { more(query, those, from + SHOWN, now); };
      if (from && $('results').children[from]) $('results').children[from].querySelector('a').focus();
    });
  }
  function result(page, fact, weights) {
    var best = null, heading = page[2], top = 0, under = heading;
    page[3].forEach(function (block) {
      var text = typeof block === 'string' ? block : block[0], weight = marked(text, weights).weight;
      if (typeof block !== 'string' && block[1]) heading = block[1];
      if (best === null || weight > top) { best = text; top = weight; under = top ? heading : ''; }
    });
    var link = make('a', parts(page[0], weights, 0)), about = make('p', make('span', index.kinds[fact.kind]), 'meta');
    link.href = box.getAttribute('data-root') + page[1] + (under ? '#' + encodeURIComponent(under) : '');
    if (fact.year) about.append(make('span', words.year.replace('{year}', 1900 + fact.year)));
    return make('li', [make('h2', link), make('p', parts(best || '', weights, 100)), about]);
  }
  // A text with its matches marked, cut to the part that has most of them.
  function parts(text, weights, longest) {
    var inside = marked(text, weights).inside, from = 0, to = text.length, most = -1, all = [], i, end, count;
    if (longest && to > longest) {
      for (i = 0; i < text.length; i++) {
        if (i && (!inside[i] || inside[i - 1])) continue;
        for (count = 0, end = i; end < i + longest - 20; end++) count += !!inside[end];
        if (count > most) { most = count; from = Math.max(0, i - 16); }
      }
      from = Math.max(0, Math.min(from, to - longest));
      to = from + longest;
    }
    // No half of a character that takes two units.
    if (/[\uDC00-\uDFFF]/.test(text[from] || '')) from--;
    if (/[\uD800-\uDBFF]/.test(text[to - 1] || '')) to--;
    if (from) all.push('\u2026');
    for (i = from; i < to; i = end) {
      for (end = i + 1; end < to && !inside[end] === !inside[i]; end++);
      all.push(inside[i] ? make('mark', text.slice(i, end)) : text.slice(i, end));
    }
    if (to < text.length) all.push('\u2026');
    return all;
  }
  function start() {
    box = document.getElementById('search-box');
    if (!box) return;
    words = box.dataset;
    // The files lie where the first of them does: beside this page, or beside the page that this large one belongs to.
    var first = document.querySelector('script[src*="i.js?"]');
    if (first) base = first.getAttribute('src').split('i.js?')[0];
    var form = box.querySelector('form'), input = form.elements.q;
    function asked() {
      var match = /[?&]q=([^&]*)/.exec(location.search);
      try { return match ? decodeURIComponent(match[1].replace(/\+/g, ' ')).trim() : ''; } catch (broken) { return ''; }
    }
    form.addEventListener('submit', function (event) {
      var text = input.value.trim();
      event.preventDefault();
      try { history.pushState(null, '', '?q=' + encodeURIComponent(text)); } catch (disk) { /* Some browsers refuse it on disk. */ }
      run(text);
    });
    window.addEventListener('popstate', function () { input.value = asked(); run(asked()); });
    input.value = asked();
    run(asked());
  }
  document.addEventListener('DOMContentLoaded', start);
})();
