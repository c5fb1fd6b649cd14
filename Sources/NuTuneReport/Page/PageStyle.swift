/// The style sheet of the report: calm, light, fit for print, nothing loaded from elsewhere.
enum PageStyle {
  /// CSS.
  static let text = """
    :root { color-scheme: light; --ink: #1d1d1f; --soft: #5c5f66; --rule: #d9d9de; --bad: #b00020; }
    * { box-sizing: border-box; }
    body { margin: 0; background: #fff; color: var(--ink);
      font: 16px/1.55 Charter, "Bitstream Charter", "Source Serif 4", "Liberation Serif", Georgia, serif; }
    main { max-width: 58rem; margin: 0 auto; padding: 3.5rem 1.5rem 5rem; }
    h1 { font-size: 1.9rem; line-height: 1.2; margin: 0 0 .4rem; font-weight: 600; }
    h2 { font-size: 1.25rem; margin: 3rem 0 .8rem; font-weight: 600; }
    p { margin: 0 0 1rem; max-width: 46rem; }
    .byline, figcaption, .note { color: var(--soft); font-size: .9rem; }
    .note { margin-top: .7rem; }
    sub { font-size: .75em; line-height: 0; }
    .lead { font-size: 1.08rem; }
    .bad { color: var(--bad); font-weight: 700; }
    .warning { border-left: 4px solid #b35900; background: #fff6e8; padding: .6rem .9rem; }
    td.best { font-weight: 700; }
    .scroll { overflow-x: auto; }
    table { border-collapse: collapse; font-size: .88rem; font-variant-numeric: tabular-nums lining-nums;
      font-family: "Liberation Sans", Arial, Helvetica, sans-serif; line-height: 1.35; }
    th, td { padding: .28rem 1.3rem .28rem 0; text-align: right; white-space: nowrap; vertical-align: top; }
    th:first-child, td:first-child { text-align: left; }
    td.words, th.words { text-align: left; white-space: normal; overflow-wrap: anywhere; }
    thead th { border-bottom: 1.5px solid var(--ink); font-weight: 600; vertical-align: bottom; }
    tbody tr.group th { text-align: left; color: var(--soft); font-weight: 600; padding-top: .9rem;
      border-bottom: 1px solid var(--rule); }
    tbody tr.first td { border-top: 1px solid var(--rule); }
    table { border-bottom: 1.5px solid var(--ink); }
    td .note { font-size: .95em; }
    table.dense { font-size: .76rem; }
    table.dense th, table.dense td { padding-right: .7rem; }
    thead th { white-space: normal; overflow-wrap: break-word; max-width: 8rem; }
    ul { margin: 0 0 1rem; padding-left: 1.2rem; max-width: 46rem; }
    li { margin-bottom: .4rem; }
    code { font: .86em "DejaVu Sans Mono", Menlo, Consolas, monospace; }
    figure { margin: 2rem 0 2.6rem; }
    figure svg { display: block; width: 100%; height: auto; }
    figure.narrow svg { max-width: var(--width); }
    figcaption { margin-top: .6rem; max-width: 46rem; }
    figcaption b { color: var(--ink); }
    summary { cursor: pointer; font-weight: 600; }
    details table { margin-top: .8rem; }
    pre { background: #f6f6f8; padding: .8rem 1rem; overflow-x: auto; }
    @media print {
      body { font-size: 10.5pt; }
      main { max-width: none; padding: 0; }
      table, table.dense { font-size: .68rem; }
      .scroll { overflow: visible; }
      figure, tr { break-inside: avoid; }
      h2 { break-after: avoid; }
      details::details-content { content-visibility: visible; display: block; height: auto; }
    }
    """
}
