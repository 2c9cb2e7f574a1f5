// Up, Down, Top and "Put in order by number" in place, on the ordinary form. Nothing moves unless a button is pressed.
// What a move means is written in docs/design.md; the server does the same when there is no script.

// Rows are { key, place }, place a whole number or null, in the order in which they are shown.

export function sorted(rows) {
  return [...rows].sort((one, other) => (one.place ?? Infinity) - (other.place ?? Infinity) || 0);
}

function target(rows, from, direction) {
  const numbered = rows.filter((row) => row.place !== null).length;
  if (direction === "top") return 0;
  if (direction === "up") return rows[from].place === null ? numbered : Math.max(from - 1, 0);
  return Math.max(from, Math.min(from + 1, numbered - 1));
}

export function moved(rows, key, direction) {
  const inOrder = sorted(rows);
  const from = inOrder.findIndex((row) => row.key === key);
  const to = target(inOrder, from, direction);
  const mover = inOrder[from];
  if (to === from && (mover.place !== null || direction === "down")) return inOrder;
  inOrder.splice(from, 1);
  inOrder.splice(to, 0, mover);
  return renumbered(inOrder, mover);
}

function renumbered(rows, mover) {
  const result = [];
  for (const [index, row] of rows.entries()) {
    if (row.place === null && row !== mover) {
      result.push(row);
      continue;
    }
    const above = rows[index - 1];
    const shares = above && above !== mover && row !== mover && above.place === row.place;
    result.push({ key: row.key, place: shares ? result[index - 1].place : index + 1 });
  }
  return result;
}

class OrderedList {
  constructor(list) {
    this.list = list;
    this.form = list.closest("form");
    this.status = this.form.querySelector("[data-order-status]");
    this.form.addEventListener("submit", (event) => this.press(event));
  }

  get items() {
    return [...this.list.children];
  }

  field(item) {
    return item.querySelector("input[type=number]");
  }

  // None where a number is not one we can count with: then the server says what to mend.
  rows() {
    const rows = this.items.map((item) => {
      const field = this.field(item);
      const place = field.value === "" ? null : Number(field.value);
      return { key: item.dataset.key, place, wrong: field.validity.badInput || (place !== null && !(Number.isInteger(place) && place > 0)) };
    });
    return rows.some((row) => row.wrong) ? null : rows.map(({ key, place }) => ({ key, place }));
  }

  press(event) {
    const button = event.submitter;
    const reorder = button?.name === "act" && button.value === "reorder";
    const rows = reorder || button?.name === "move" ? this.rows() : null;
    if (rows === null) return;
    event.preventDefault();
    const focused = document.activeElement;
    if (reorder) {
      this.show(sorted(rows), null);
      this.status.textContent = this.list.dataset.sorted;
    } else {
      this.move(rows, button);
    }
    focused.focus();
    this.form.dispatchEvent(new Event("priority:moved"));
  }

  move(rows, button) {
    const [key, direction] = button.value.split(/:(?=[a-z]+$)/);
    this.show(moved(rows, key, direction), key);
    const item = this.items.find((each) => each.dataset.key === key);
    const place = this.field(item).value;
    this.status.textContent = (place ? this.list.dataset.moved : this.list.dataset.unplaced)
      .replace("{text}", () => item.dataset.short)
      .replace("{place}", place)
      .replace("{n}", rows.length);
  }

  show(rows, key) {
    const items = new Map(this.items.map((item) => [item.dataset.key, item]));
    for (const row of rows) {
      const item = items.get(row.key);
      this.field(item).value = row.place ?? "";
      item.classList.toggle("moved", row.key === key);
      this.list.append(item);
    }
  }
}

if (globalThis.document) {
  for (const list of document.querySelectorAll("[data-order]")) new OrderedList(list);
}
