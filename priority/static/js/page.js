// On every page: what went wrong gets the focus, and closed helps are printed open.

document.querySelector("[data-focus]")?.focus();

let opened = [];

addEventListener("beforeprint", () => {
  opened = [...document.querySelectorAll("details:not([open])")];
  for (const help of opened) help.open = true;
});

addEventListener("afterprint", () => {
  for (const help of opened) help.open = false;
  opened = [];
});
