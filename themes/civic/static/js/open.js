// Opens what is folded where it is wanted: the answer that a link leads to, and everything on paper. Without it browsers show
// the question, and new ones print the answers.
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
  show();
})();
