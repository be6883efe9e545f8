// Draws every table of `<figure data-chart>` as a chart above it. The table stays, for whoever cannot see the drawing.
//   data-chart="line" or "bar"; data-stacked where the columns add up.
// The first column names the points, each further column is a series; `data-value` on a cell is what is drawn.
(() => {
  const LOOK = ["", "6 4", "2 3", "10 3 2 3", "1 5", "12 4"];
  const drawn = new Map();
  const dark = matchMedia("(prefers-color-scheme: dark)");
  const calm = matchMedia("(prefers-reduced-motion: reduce)");
  const numbers = new Intl.NumberFormat(document.documentElement.lang);

  const words = (cell) => cell.textContent.trim().replace(/\s+/g, " ");
  const value = (cell) => {
    const said = cell.dataset.value ?? words(cell);
    return said === "" || Number.isNaN(Number(said)) ? null : Number(said);
  };

  function read(table) {
    const [, ...names] = [...table.tHead.rows[0].cells].map(words);
    const rows = [...table.tBodies[0].rows];
    return {
      labels: rows.map((row) => words(row.cells[0])),
      series: names.map((name, place) => ({ name, values: rows.map((row) => value(row.cells[place + 1])) })),
    };
  }

  function draw(figure) {
    const { labels, series } = read(figure.querySelector("table"));
    const style = getComputedStyle(figure);
    const ink = style.getPropertyValue("--chart-ink").trim();
    const grid = style.getPropertyValue("--chart-grid").trim();
    const isLine = figure.dataset.chart === "line";
    const isStacked = figure.dataset.stacked !== undefined;
    const scale = { stacked: isStacked, ticks: { color: ink, maxRotation: 0, autoSkipPadding: 16 } };
    return new Chart(figure.querySelector("canvas"), {
      type: figure.dataset.chart,
      data: {
        labels,
        datasets: series.map(({ name, values }, place) => {
          const colour = style.getPropertyValue(`--chart-${(place % LOOK.length) + 1}`).trim();
          return {
            label: name,
            data: values,
            borderColor: colour,
            backgroundColor: colour,
            borderWidth: isLine ? 2.5 : 0,
            // Series differ by more than their colour.
            borderDash: isLine ? LOOK[place % LOOK.length].split(" ").filter(Boolean).map(Number) : [],
            pointRadius: isLine && values.length < 2 ? 4 : 0,
            pointHitRadius: 12,
            cubicInterpolationMode: "monotone",
            spanGaps: true,
            maxBarThickness: 48,
          };
        }),
      },
      options: {
        locale: document.documentElement.lang,
        maintainAspectRatio: false,
        animation: calm.matches ? false : { duration: 300 },
        interaction: { mode: "index", intersect: false },
        plugins: {
          legend: {
            display: series.length > 1,
            position: "bottom",
            align: "start",
            labels: { color: ink, usePointStyle: isLine, pointStyle: isLine ? "line" : undefined, boxWidth: 28 },
          },
          tooltip: { callbacks: { label: (point) => ` ${point.dataset.label}: ${numbers.format(point.parsed.y)}` } },
        },
        scales: {
          x: { ...scale, grid: { display: false }, border: { color: grid } },
          y: {
            ...scale,
            beginAtZero: true,
            grid: { color: grid },
            border: { display: false },
            ticks: { ...scale.ticks, precision: 0, maxTicksLimit: 6, callback: (tick) => numbers.format(tick) },
          },
        },
      },
    });
  }

  function place(figure) {
    const frame = document.createElement("div");
    frame.className = "chart-frame";
    const canvas = document.createElement("canvas");
    canvas.setAttribute("role", "img");
    canvas.setAttribute("aria-label", words(figure.querySelector("figcaption, caption")));
    frame.append(canvas);
    figure.querySelector("details, table").before(frame);
    const figures = figure.querySelector("details");
    if (figures) figures.open = false;
    drawn.set(figure, draw(figure));
  }

  function forget(figure) {
    drawn.get(figure).destroy();
    drawn.delete(figure);
  }

  function drawAll(root) {
    for (const figure of drawn.keys()) if (!figure.isConnected) forget(figure);
    for (const figure of root.querySelectorAll("figure[data-chart]")) if (!drawn.has(figure)) place(figure);
  }

  dark.addEventListener("change", () => {
    for (const figure of [...drawn.keys()]) {
      forget(figure);
      drawn.set(figure, draw(figure));
    }
  });
  // What comes later into the page has its charts too.
  document.addEventListener("htmx:load", () => drawAll(document));
  drawAll(document);
})();
