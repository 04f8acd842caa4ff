// All that script does here: copying, and the dialog in place of its page. Everything else works without.
for (const button of document.querySelectorAll('[data-copy]')) {
  button.hidden = false;
  button.addEventListener('click', async () => {
    const lines = [...document.querySelectorAll(button.dataset.copy)].map(element => element.textContent.trim());
    const said = button.parentElement.querySelector('.said');
    try {
      await navigator.clipboard.writeText(lines.join('\n'));
      said.textContent = 'Copied';
    } catch {
      said.textContent = 'Copying is not allowed here: select the text';
    }
  });
}

for (const form of document.querySelectorAll('[data-dialog]')) {
  const dialog = document.getElementById(form.dataset.dialog);
  form.addEventListener('submit', event => {
    event.preventDefault();
    dialog.showModal();
  });
  dialog.querySelector('[data-close]').addEventListener('click', event => {
    event.preventDefault();
    dialog.close();
  });
}
