// Copies an article for WeChat's editor. The page has the styles of the text in `data-style`, since a strict policy lets no page have them in its
// HTML: here they become styles of the shown text, and attributes of the copied one. Without this script the text can be selected and copied.
(function () {
  var text = document.getElementById('wechat-text');
  var button = document.getElementById('wechat-copy');
  var said = document.getElementById('wechat-said');
  if (!text || !button || !said) return;
  // As text: a policy that forbids styles in HTML holds for every document that a script makes, too. Quotation marks in values are escaped, so each
  // attribute is read as a whole.
  function html() {
    return text.innerHTML.replace(/<[a-z][a-z0-9]*(?:\s[a-z-]+="[^"]*")+>/g, function (tag) {
      return tag.replace(/\s([a-z-]+)="([^"]*)"/g, function (attribute, name, value) {
        if (name === 'style') return '';
        return name === 'data-style' ? ' style="' + value + '"' : attribute;
      });
    });
  }
  function select() {
    var range = document.createRange();
    range.selectNodeContents(text);
    var selection = getSelection();
    selection.removeAllRanges();
    selection.addRange(range);
  }
  // On plain http and from disk browsers have no clipboard for scripts; the old command copies what is selected.
  function fallback() {
    select();
    var copied = false;
    try { copied = document.execCommand('copy'); } catch (error) { copied = false; }
    said.textContent = button.getAttribute(copied ? 'data-done' : 'data-selected');
  }
  Array.prototype.forEach.call(text.querySelectorAll('[data-style]'), function (element) {
    element.style.cssText = element.getAttribute('data-style');
  });
  // No page but these has a button of this sort, so no style sheet knows it.
  button.style.cssText = 'min-height:44px;padding:.35rem 1rem;font:inherit;font-weight:700;cursor:pointer';
  button.hidden = false;
  button.addEventListener('click', function () {
    if (!navigator.clipboard || !navigator.clipboard.write || !window.ClipboardItem) return fallback();
    var item = new ClipboardItem({
      'text/html': new Blob([html()], { type: 'text/html' }),
      'text/plain': new Blob([text.innerText], { type: 'text/plain' })
    });
    navigator.clipboard.write([item]).then(function () { said.textContent = button.getAttribute('data-done'); }, fallback);
  });
})();
