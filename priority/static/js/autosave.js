// Saves a form in the background, silently: when a radio or a box is chosen, after a pause in text, after a move in an
// ordered list. Never from number fields or selects, since arrowing through those is not yet an answer.

const PAUSE = 1500;
const PATIENCE = 4000;

class Autosave {
  constructor(form) {
    this.form = form;
    this.line = form.querySelector("[data-saved-line]");
    this.saving = null;
    this.again = false;
    this.leaving = false;
    form.addEventListener("change", (event) => {
      if (event.target.matches("[type=radio], [type=checkbox]")) this.save();
    });
    form.addEventListener("input", (event) => {
      if (event.target.matches("textarea, [type=text]")) this.soon();
    });
    form.addEventListener("priority:moved", () => this.save());
    form.addEventListener("submit", (event) => this.send(event));
    addEventListener("online", () => {
      if (this.unsaved) this.save();
    });
  }

  soon() {
    clearTimeout(this.timer);
    this.timer = setTimeout(() => this.save(), PAUSE);
  }

  // One request at a time; what changes meanwhile goes with the next one.
  async save() {
    clearTimeout(this.timer);
    if (this.saving) {
      this.again = true;
      return;
    }
    this.again = false;
    this.saving = this.post();
    this.say(await this.saving);
    this.saving = null;
    if (this.again && !this.leaving) await this.save();
  }

  async post() {
    try {
      const answer = await fetch(this.form.dataset.autosave, {
        method: "POST",
        headers: { Accept: "application/json" },
        body: new URLSearchParams(new FormData(this.form)),
        redirect: "error",
      });
      if (!answer.ok) return false;
      const { base } = await answer.json();
      const field = this.form.elements.namedItem("base");
      if (field && base !== undefined) field.value = base;
      return true;
    } catch {
      return false;
    }
  }

  say(saved) {
    this.unsaved = !saved;
    const words = saved ? this.line?.dataset.saved : this.line?.dataset.unsaved;
    if (this.line && this.line.textContent !== words) this.line.textContent = words;
  }

  // A press of a real button waits for the background to finish, so that the page does not look stale to itself.
  async send(event) {
    if (event.defaultPrevented) return;
    clearTimeout(this.timer);
    if (!this.saving || this.leaving) return;
    event.preventDefault();
    this.leaving = true;
    await Promise.race([this.saving, new Promise((resolve) => setTimeout(resolve, PATIENCE))]);
    this.form.requestSubmit(event.submitter);
  }
}

for (const form of document.querySelectorAll("form[data-autosave]")) new Autosave(form);
