// What ages on a page, put as a build of today would put it: which event is next, in how many days, that its day has passed.
// Every page is true without it. Days are those of the site's time zone; a clock that is behind the page is not believed.
(function () {
  var own = document.currentScript, today;
  function each(name, act) {
    Array.prototype.forEach.call(document.querySelectorAll('[' + name + ']'), function (element) { act(element, element.getAttribute(name)); });
  }
  try {
    var now = new Date(), page = Date.parse(document.lastModified), part = {};
    if (page - now > 864e5) return;
    new Intl.DateTimeFormat('en-u-ca-gregory-nu-latn', { timeZone: own.getAttribute('data-zone'), year: 'numeric', month: '2-digit', day: '2-digit' })
      .formatToParts(now).forEach(function (p) { part[p.type] = p.value; });
    today = part.year + '-' + part.month + '-' + part.day;
    if (!/^\d{4}-\d\d-\d\d$/.test(today)) return;
  } catch (unknown) { return; }
  // Shown up to a day, and from the day after it.
  each('data-until', function (element, day) { if (today > day) element.hidden = true; });
  each('data-after', function (element, day) { element.hidden = today <= day; });
  // Of several the first that is not over; without one the whole goes.
  each('data-first-of', function (box) {
    var shown = false;
    Array.prototype.forEach.call(box.querySelectorAll('[data-until]'), function (element) {
      element.hidden = shown || today > element.getAttribute('data-until');
      shown = shown || !element.hidden;
    });
    box.hidden = !shown;
  });
  // The day of today in a table of a month.
  each('data-day', function (element, day) { if (day === today) element.setAttribute('aria-current', 'date'); });
  // `今天|明天|还有{n}天|正在进行`, from the first day to the last.
  var words = own.getAttribute('data-words').split('|');
  each('data-days', function (element, days) {
    var from = days.slice(0, 10), left = Math.round((Date.parse(from) - Date.parse(today)) / 864e5);
    if (today > days.slice(-10)) return;
    element.textContent = left < 0 ? words[3] : left < 2 ? words[left] : words[2].replace('{n}', left);
    element.hidden = false;
  });
})();
