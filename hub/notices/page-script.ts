/**
 * The script of the site manager's page. The page answers without it; with it what was typed is kept on the phone until it
 * is sent, a form that was refused keeps its photos, and photos are made small enough for a poor line. For old phones:
 * no module, nothing newer than 2017.
 */

/** Long side of a photo as it is sent, px: as much as a correction is looked at. */
const LONG_SIDE = 2000;
/** A photo below this is sent as it is, bytes. */
const SMALL = 1_500_000;

export const pageScript = `'use strict';
(function () {
  var own = document.currentScript.dataset;
  var prefix = 'kerbwatch.notice.' + own.number + '.';
  function read(key) { try { return localStorage.getItem(prefix + key) || ''; } catch (e) { return ''; } }
  function write(key, value) {
    try { if (value) localStorage.setItem(prefix + key, value); else localStorage.removeItem(prefix + key); } catch (e) {}
  }
  function smaller(file) {
    if (file.size < ${SMALL} || !window.createImageBitmap) return Promise.resolve(file);
    return createImageBitmap(file, { imageOrientation: 'from-image' }).then(function (picture) {
      var scale = Math.min(1, ${LONG_SIDE} / Math.max(picture.width, picture.height));
      var canvas = document.createElement('canvas');
      canvas.width = Math.round(picture.width * scale);
      canvas.height = Math.round(picture.height * scale);
      canvas.getContext('2d').drawImage(picture, 0, 0, canvas.width, canvas.height);
      return new Promise(function (resolve) {
        canvas.toBlob(function (blob) { resolve(blob && blob.size < file.size ? blob : file); }, 'image/jpeg', 0.85);
      });
    }).catch(function () { return file; });
  }
  function say(form, text) {
    var note = form.querySelector('.note');
    note.textContent = text;
    note.hidden = text === '';
    if (text !== '') note.scrollIntoView({ block: 'center' });
  }
  function keep(form) {
    ['name', 'text'].forEach(function (field) {
      var input = form.elements[field];
      if (!input) return;
      var key = field === 'name' ? 'name' : form.dataset.key + '.' + field;
      if (input.value === '') input.value = read(key);
      input.addEventListener('input', function () { write(key, input.value); });
    });
  }
  function preview(form) {
    var input = form.elements.photo;
    var box = form.querySelector('.previews');
    if (!input || !box) return;
    input.addEventListener('change', function () {
      box.textContent = '';
      Array.prototype.forEach.call(input.files, function (file) {
        var picture = document.createElement('img');
        picture.alt = file.name;
        picture.src = URL.createObjectURL(file);
        picture.onload = function () { URL.revokeObjectURL(picture.src); };
        box.appendChild(picture);
      });
    });
  }
  function send(form) {
    var button = form.querySelector('button');
    var files = form.elements.photo ? Array.prototype.slice.call(form.elements.photo.files) : [];
    var label = button.textContent;
    button.disabled = true;
    button.textContent = own.busy;
    say(form, '');
    Promise.all(files.map(smaller)).then(function (photos) {
      var data = new FormData();
      ['kind', 'notice', 'name', 'text'].forEach(function (field) {
        if (form.elements[field]) data.append(field, form.elements[field].value);
      });
      photos.forEach(function (photo, i) { data.append('photo', photo, files[i].name); });
      return fetch(form.action, { method: 'POST', body: data });
    }).then(function (answer) {
      return answer.text().then(function (html) {
        var page = new DOMParser().parseFromString(html, 'text/html');
        if (answer.ok) {
          write(form.dataset.key + '.text', '');
          document.querySelector('main').replaceWith(page.querySelector('main'));
          window.scrollTo(0, 0);
          start();
          return;
        }
        var why = page.querySelector('main > .note.bad') || page.querySelector('main h1');
        // What the page says of photos is for phones without this script: here they are still chosen.
        var again = why && why.querySelector('.again');
        if (again) again.remove();
        say(form, why ? why.textContent.trim() : own.offline);
      });
    }).catch(function () { say(form, own.offline); }).then(function () {
      button.disabled = false;
      button.textContent = label;
    });
  }
  function start() {
    Array.prototype.forEach.call(document.querySelectorAll('form[data-kind]'), function (form) {
      keep(form);
      preview(form);
      if (!window.fetch || !window.DOMParser) return;
      form.addEventListener('submit', function (event) {
        event.preventDefault();
        send(form);
      });
    });
  }
  start();
})();
`;
