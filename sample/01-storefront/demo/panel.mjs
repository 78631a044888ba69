const MARGIN = { left: 52, right: 14, top: 64, bottom: 30 };
const SECONDS_BETWEEN_TICKS = [1, 2, 5, 10, 20, 30, 60, 120, 300, 600];
const SECONDS_TICKS = 6;

/** One of the diagrams of the picture: curves over the seconds. */
export class Panel {
  #size;
  #seconds;
  #scale;
  #parts = [];

  /** `scale` turns values into shares of the height. */
  constructor({ width, height, seconds, scale }) {
    this.#size = { width: width - MARGIN.left - MARGIN.right, height: height - MARGIN.top - MARGIN.bottom };
    this.#seconds = seconds;
    this.#scale = scale;
  }

  /** `notes` are what stands below the title: `[class, text]`. */
  heading(title, notes) {
    const spans = notes.map(([name, text], index) => {
      const gap = index > 0 ? ' dx="14"' : '';
      return `<tspan class="${name}-text"${gap}>${escaped(text)}</tspan>`;
    });
    this.#parts.push(
      `<text class="title" x="16" y="28">${escaped(title)}</text>`,
      `<text class="note" x="16" y="48">${spans.join('')}</text>`,
    );
  }

  axes(format) {
    const { width, height } = this.#size;
    for (const tick of this.#scale.ticks) {
      const y = round(this.#y(tick));
      this.#parts.push(
        `<line class="grid" x1="${MARGIN.left}" x2="${MARGIN.left + width}" y1="${y}" y2="${y}"/>`,
        `<text class="tick" text-anchor="end" x="${MARGIN.left - 8}" y="${round(y + 4)}">${escaped(format(tick))}</text>`,
      );
    }
    const step = SECONDS_BETWEEN_TICKS.find((seconds) => this.#seconds / seconds <= SECONDS_TICKS) ?? this.#seconds;
    for (let second = 0; second <= this.#seconds; second += step) {
      const text = `${second}${second + step > this.#seconds ? ' s' : ''}`;
      const place = `x="${round(this.#x(second))}" y="${MARGIN.top + height + 18}"`;
      this.#parts.push(`<text class="tick" text-anchor="middle" ${place}>${text}</text>`);
    }
  }

  /** `points` are `[second, value]`. */
  line(name, points) {
    const path = this.#path(points);
    if (path !== '') this.#parts.push(`<path class="line ${name}-line" d="M${path}"/>`);
  }

  /** Fills what lies between two lines of the same seconds. */
  band(name, { upper, lower, opacity }) {
    const path = [this.#path(upper), this.#path(lower.toReversed())].filter((half) => half !== '');
    if (path.length === 2) {
      this.#parts.push(`<path class="${name}-band" fill-opacity="${opacity}" d="M${path.join('L')}Z"/>`);
    }
  }

  at(left, top) {
    return `<g transform="translate(${left} ${top})">\n${this.#parts.join('\n')}\n</g>`;
  }

  #path(points) {
    return points
      .filter(([, value]) => Number.isFinite(value))
      .map(([second, value]) => `${round(this.#x(second))} ${round(this.#y(value))}`)
      .join('L');
  }

  #x(second) {
    return MARGIN.left + (second / this.#seconds) * this.#size.width;
  }

  #y(value) {
    return MARGIN.top + (1 - this.#scale.shareOf(value)) * this.#size.height;
  }
}

export function escaped(text) {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;').replaceAll('"', '&quot;');
}

function round(coordinate) {
  return Math.round(coordinate * 10) / 10;
}
