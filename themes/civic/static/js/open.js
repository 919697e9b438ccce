// Opens what is folded where it is wanted: what a link leads to, everything on paper, and what a reader copies, which also gets the numbers of
// lists and the boxes of tasks. Without it browsers show the first line, new ones print the rest, and copied text has nothing of that.
(function () {
  var opened = [];
  function show() {
    var element = null;
    try { element = document.getElementById(decodeURIComponent(location.hash.slice(1))); } catch (error) { return; }
    for (var at = element; at; at = at.parentElement) if (at.tagName === 'DETAILS' && !at.open) at.open = true;
    if (element && element.closest('details')) element.scrollIntoView();
  }
  addEventListener('hashchange', show);
  addEventListener('beforeprint', function () {
    Array.prototype.forEach.call(document.querySelectorAll('details:not([open])'), function (details) {
      details.open = true;
      opened.push(details);
    });
  });
  addEventListener('afterprint', function () {
    opened.splice(0).forEach(function (details) { details.open = false; });
  });
  var BOXES = 'input[type=checkbox],input[type=radio]';
  function each(list, act) { Array.prototype.forEach.call(list, act); }
  // The number of an item, by the list's start and the value of an item before it.
  function number(item) {
    var list = item.parentNode;
    var step = list.reversed ? -1 : 1;
    for (var count = 0, at = item; at; at = at.previousElementSibling) {
      if (at.hasAttribute('value')) return at.value + step * count;
      count += 1;
    }
    var first = list.reversed && !list.hasAttribute('start') ? list.children.length : list.start;
    return first + step * (count - 1);
  }
  function isNumbered(item) {
    var list = item.parentNode;
    return list.className === 'run' || list.parentNode.className === 'steps' || getComputedStyle(item).listStyleType === 'decimal';
  }
  function sign(box) {
    if (box.type === 'radio') return box.checked ? '● ' : '○ ';
    return box.checked ? '☑ ' : '☐ ';
  }
  // The selected part of the page with addresses that lead to it from elsewhere.
  function html(range) {
    var part = document.createElement('div');
    part.appendChild(range.cloneContents());
    for (var at = range.commonAncestorContainer; at; at = at.parentNode) {
      if (!/^(LI|OL|UL|DL|TABLE|TBODY|THEAD|TR)$/.test(at.nodeName)) continue;
      var around = at.cloneNode(false);
      while (part.firstChild) around.appendChild(part.firstChild);
      part.appendChild(around);
    }
    each(part.querySelectorAll('script,source,.anchor'), function (element) { element.parentNode.removeChild(element); });
    each(part.querySelectorAll(BOXES), function (box) { box.parentNode.replaceChild(document.createTextNode(sign(box)), box); });
    each(part.querySelectorAll('a[href],img'), function (element) {
      element.removeAttribute('srcset');
      if (typeof element.href === 'string') element.setAttribute('href', element.href);
      if (element.src) element.setAttribute('src', element.src);
    });
    return part.innerHTML;
  }
  addEventListener('copy', function (event) {
    var selection = getSelection();
    if (!event.clipboardData || !selection.rangeCount || /^(INPUT|TEXTAREA)$/.test(event.target.tagName)) return;
    var range = selection.getRangeAt(0);
    var usual = String(selection);
    var shown = [];
    var numbers = [];
    each(document.querySelectorAll('main details:not([open]):not(.noprint)'), function (details) {
      if (details.closest('nav') || !range.intersectsNode(details)) return;
      details.open = true;
      shown.push(details);
    });
    var rich = html(range);
    each(document.querySelectorAll('main input'), function (box) {
      if (!range.intersectsNode(box) || !box.matches(BOXES)) return;
      numbers.push(box.parentNode.insertBefore(document.createTextNode(sign(box)), box));
    });
    each(document.querySelectorAll('main ol > li'), function (item) {
      if (!range.intersectsNode(item) || !isNumbered(item)) return;
      var texts = document.createTreeWalker(item, NodeFilter.SHOW_TEXT);
      var first = texts.nextNode();
      while (first && !first.data.trim()) first = texts.nextNode();
      if (first) numbers.push(first.parentNode.insertBefore(document.createTextNode(number(item) + '. '), first));
    });
    var text = String(selection);
    numbers.forEach(function (node) { node.parentNode.removeChild(node); });
    shown.forEach(function (details) { details.open = false; });
    if (text === usual) return;
    event.clipboardData.setData('text/plain', text);
    event.clipboardData.setData('text/html', rich);
    event.preventDefault();
  });
  show();
})();
