// All that script does here: copying, printing, and the time that is left. Everything else works without.
for (const button of document.querySelectorAll('.mfa [data-copy]')) {
  button.hidden = false;
  button.addEventListener('click', async () => {
    const lines = [...document.querySelectorAll(button.dataset.copy)].map(element => element.textContent.trim());
    const said = button.parentElement.querySelector('.mfa-said');
    try {
      await navigator.clipboard.writeText(lines.join('\n'));
      said.textContent = said.dataset.copied;
    } catch {
      said.textContent = said.dataset.failed;
    }
  });
}

for (const button of document.querySelectorAll('.mfa [data-print]')) {
  button.hidden = false;
  button.addEventListener('click', () => print());
}

for (const wait of document.querySelectorAll('.mfa [data-seconds]')) {
  const end = performance.now() + wait.dataset.seconds * 1000;
  const language = wait.closest('[lang]').lang;
  const timer = setInterval(() => {
    const seconds = Math.ceil((end - performance.now()) / 1000);
    if (seconds <= 0) {
      clearInterval(timer);
      wait.parentElement.textContent = wait.dataset.then;
    } else {
      const [number, unit] = seconds <= 90 ? [seconds, 'second']
        : seconds <= 5400 ? [Math.ceil(seconds / 60), 'minute'] : [Math.ceil(seconds / 3600), 'hour'];
      wait.textContent = new Intl.NumberFormat(language, { style: 'unit', unit, unitDisplay: 'long' }).format(number);
    }
  }, 1000);
}
