/**
 * Runs in every frame of the window before anything else does. Times are in milliseconds since the epoch, so that
 * those of the page and those of the model server can be compared.
 */
(() => {
  const now = () => performance.timeOrigin + performance.now();
  const bench = { now, clickedAt: 0, inputAt: 0 };
  window.bench = bench;
  addEventListener('mousedown', () => (bench.clickedAt = now()), { capture: true });

  // A webview's own document is written into a frame inside this one, which ends all timers there: it is watched from here.
  const usable = () => {
    const frame = document.getElementById('active-frame');
    const area = frame?.contentDocument?.querySelector('textarea');
    return frame?.style.visibility !== 'hidden' && area && !area.disabled && area.getBoundingClientRect().width > 0;
  };
  const look = () => {
    if (usable()) bench.inputAt = now();
    else setTimeout(look, 2);
  };
  if (location.pathname.endsWith('/webview/browser/pre/index.html')) look();

  /** The highest numbered word at the end of the newest text, or -1. */
  const lastWord = () => {
    const texts = document.querySelectorAll('.item-text');
    let end = texts[texts.length - 1];
    while (end?.lastElementChild && end.lastElementChild.textContent.length > 60) end = end.lastElementChild;
    const word = end?.textContent
      .slice(-300)
      .match(/w\d{5}/g)
      ?.at(-1);
    return word === undefined ? -1 : Number(word.slice(1));
  };

  /** Notes each frame: when it began, when it was drawn, and the word that stood in it then. */
  bench.watch = () => {
    const noted = { frames: [], longest: 0 };
    let over = false;
    const drawn = new MessageChannel();
    const observer = new PerformanceObserver((list) => {
      for (const { duration } of list.getEntries()) noted.longest = Math.max(noted.longest, duration);
    });
    observer.observe({ type: 'longtask' });
    // A message that is sent while a frame is made arrives when it has been drawn.
    drawn.port1.onmessage = () => Object.assign(noted.frames.at(-1), { drawnAt: now(), word: lastWord() });
    const note = () => {
      noted.frames.push({ at: now(), drawnAt: now(), word: -1 });
      drawn.port2.postMessage(null);
      if (!over) requestAnimationFrame(note);
    };
    requestAnimationFrame(note);
    bench.noted = () => {
      over = true;
      observer.disconnect();
      return noted;
    };
  };

  /** Moves the conversation up by some pixels a frame, for so many frames. */
  bench.scroll = (selector, pixels, frames) =>
    new Promise((resolve) => {
      const box = document.querySelector(selector);
      let left = frames;
      const step = () => {
        if (left-- <= 0) return resolve();
        box.scrollTop -= pixels;
        requestAnimationFrame(step);
      };
      requestAnimationFrame(step);
    });

  /** Clicks, and resolves with the milliseconds until a frame with that text at the end of the conversation was drawn. */
  bench.clickUntil = (element, text) =>
    new Promise((resolve) => {
      const startedAt = now();
      element.click();
      const there = () => {
        const items = document.querySelectorAll('.item');
        return [...items].slice(-3).some((item) => item.textContent.includes(text));
      };
      const wait = () => {
        if (!there()) return requestAnimationFrame(wait);
        const { port1, port2 } = new MessageChannel();
        port1.onmessage = () => resolve(now() - startedAt);
        port2.postMessage(null);
      };
      requestAnimationFrame(wait);
    });
})();
