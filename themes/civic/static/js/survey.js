// The form of a survey is whole without this. It hides questions that are not to be asked, gives the answers a key of their own,
// so that sending twice counts once, and leads to the list of errors.
(function () {
  'use strict';
  // A question that was not asked meets no condition; one that was asked and left blank meets every 'not'.
  function applies(form, question) {
    var asked = false, given = [];
    form.querySelectorAll('input').forEach(function (input) {
      if (input.name !== 'q.' + question.dataset.when || input.disabled) return;
      asked = true;
      if (input.checked || input.type === 'text') given.push(input.value.trim());
    });
    var wanted = (question.dataset.is || question.dataset.not || '').split(' ');
    var met = given.some(function (value) { return wanted.indexOf(value) >= 0; });
    return asked && (question.dataset.is === undefined) !== met;
  }
  function update(form) {
    form.querySelectorAll('[data-when]').forEach(function (question) {
      var shown = applies(form, question);
      question.hidden = !shown;
      question.querySelectorAll('input').forEach(function (input) { input.disabled = !shown; });
    });
  }
  document.querySelectorAll('form.ask').forEach(function (form) {
    form.classList.add('ask-scripted');
    form.addEventListener('change', function () { update(form); });
    update(form);
    if (!form.elements.namedItem('key') && window.crypto && window.crypto.getRandomValues) {
      var key = document.createElement('input');
      key.type = 'hidden';
      key.name = 'key';
      key.value = Array.prototype.map.call(window.crypto.getRandomValues(new Uint8Array(16)), function (byte) {
        return ('0' + byte.toString(16)).slice(-2);
      }).join('');
      form.appendChild(key);
    }
  });
  var problems = document.querySelector('.ask-problems');
  if (problems) problems.focus();
})();
