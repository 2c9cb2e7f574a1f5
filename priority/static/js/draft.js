// Keeps what somebody is writing on this device, and only here, until it is sent or seven days have passed.

const DAYS = 7;
const PAUSE = 600;
const PREFIX = "priority-draft:";

// A private window or a full disk may refuse storage: then nothing is kept, and nothing says it was.
function stored(key) {
  try {
    const draft = JSON.parse(localStorage.getItem(PREFIX + key));
    if (draft && Date.now() - draft.at < DAYS * 24 * 3600 * 1000) return draft;
    localStorage.removeItem(PREFIX + key);
  } catch {
    return null;
  }
  return null;
}

function store(key, words) {
  try {
    localStorage.setItem(PREFIX + key, JSON.stringify({ at: Date.now(), words }));
    return true;
  } catch {
    return false;
  }
}

function forget(key) {
  try {
    localStorage.removeItem(PREFIX + key);
  } catch {
    // Where nothing could be stored there is nothing to forget.
  }
}

class Draft {
  constructor(form) {
    this.form = form;
    this.key = form.dataset.draft;
    this.line = form.querySelector("[data-draft-line]");
    this.remover = form.querySelector("[data-draft-remove]");
    this.restore();
    form.addEventListener("input", (event) => {
      if (event.target.matches("textarea")) this.soon();
    });
    this.remover?.addEventListener("click", () => this.remove());
  }

  get fields() {
    return [...this.form.querySelectorAll("textarea[name]")];
  }

  // What the server shows back is newer than what the device remembers.
  restore() {
    const draft = stored(this.key);
    if (!draft) return;
    for (const field of this.fields) {
      if (field.value === "") field.value = draft.words[field.name] ?? "";
    }
    this.say(draft.at);
  }

  soon() {
    clearTimeout(this.timer);
    this.timer = setTimeout(() => this.keep(), PAUSE);
  }

  keep() {
    const words = Object.fromEntries(this.fields.map((field) => [field.name, field.value]));
    if (Object.values(words).every((text) => text.trim() === "")) forget(this.key);
    else if (store(this.key, words)) this.say(Date.now());
  }

  say(at) {
    const time = new Intl.DateTimeFormat(document.documentElement.lang, { hour: "2-digit", minute: "2-digit", hourCycle: "h23" }).format(at);
    if (this.line) this.line.textContent = this.line.dataset.saved.replace("{time}", time);
    if (this.remover) this.remover.hidden = false;
  }

  remove() {
    clearTimeout(this.timer);
    forget(this.key);
    if (this.line) {
      this.line.textContent = this.line.dataset.removed;
      this.line.tabIndex = -1;
      this.line.focus();
    }
    this.remover.hidden = true;
  }
}

for (const sent of document.querySelectorAll("[data-draft-sent]")) forget(sent.dataset.draftSent);
for (const form of document.querySelectorAll("form[data-draft]")) new Draft(form);
