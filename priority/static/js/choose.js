// Keeps the sentence with how many questions are chosen true while boxes are ticked; the server counts anew with each page.

for (const line of document.querySelectorAll("[data-chosen]")) {
  const { words, elsewhere, most } = line.dataset;
  const form = line.closest("form");
  form.addEventListener("change", () => {
    const here = form.querySelectorAll("[name=chosen]:checked").length;
    line.textContent = words.replace("{count}", here + Number(elsewhere)).replace("{most}", most);
  });
}
