/** A ground of its own, so that it can be read on any page; colours that differ in lightness, too. */
export const STYLE = `<style>
text { font-family: system-ui, -apple-system, 'Segoe UI', Helvetica, Arial, sans-serif; fill: #1f2328; }
.card { fill: #ffffff; stroke: #d1d9e0; }
.headline { font-size: 19px; font-weight: 600; }
.title { font-size: 14px; font-weight: 600; }
.note { font-size: 13px; font-weight: 600; }
.subtitle, .tick, .source-text { fill: #59636e; font-weight: 400; }
.subtitle { font-size: 13px; }
.tick { font-size: 11px; }
.source-text { font-size: 12px; }
.grid { stroke: #d1d9e0; stroke-opacity: 0.6; }
.line { fill: none; stroke-width: 2.5; stroke-linejoin: round; stroke-linecap: round; }
.thin { stroke-width: 1.2; }
.without-line { stroke: #bc4c00; } .without-band, .without-text { fill: #bc4c00; }
.with-line { stroke: #0969da; } .with-band, .with-text { fill: #0969da; }
@media (prefers-color-scheme: dark) {
text { fill: #f0f6fc; }
.card { fill: #0d1117; stroke: #3d444d; }
.subtitle, .tick, .source-text { fill: #9198a1; }
.grid { stroke: #3d444d; }
.without-line { stroke: #f0883e; } .without-band, .without-text { fill: #f0883e; }
.with-line { stroke: #58a6ff; } .with-band, .with-text { fill: #58a6ff; }
}
</style>`;
