document.querySelector("[data-up]")?.addEventListener("click", () => scrollTo(0, 0));
