/* Draws each figure over its still picture when it comes near the window. */
"use strict";

function draw(canvas) {
  const figure = JSON.parse(canvas.querySelector("script").textContent);
  const place = document.createElement("div");
  const layout = { ...figure.layout, width: undefined, height: undefined, autosize: true };
  canvas.append(place);
  const options = { responsive: true, displaylogo: false };
  // the still picture keeps the place until the live one is there, and stays where that fails
  Plotly.newPlot(place, figure.data, layout, options).then(
    () => canvas.classList.add("alive"),
    (error) => {
      place.remove();
      console.error(error);
    },
  );
}

const watcher = new IntersectionObserver((entries) => {
  for (const { isIntersecting, target } of entries) {
    if (!isIntersecting) continue;
    watcher.unobserve(target);
    draw(target);
  }
}, { rootMargin: "800px" });

for (const canvas of document.querySelectorAll(".plot .canvas")) watcher.observe(canvas);
