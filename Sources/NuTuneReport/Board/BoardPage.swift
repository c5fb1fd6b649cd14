import NuTuneResults

/// The page of a board: one file with tables, projections, pulls and tensions.
struct BoardPage: Sendable {
  /// The board.
  var board: Board
  /// Figures with their pictures, by name of the measurement, in order; none where nothing is drawn.
  var figures: [String: [FigureElement]]

  /// The page.
  var html: String {
    PageDocument(
      title: "Models × measurements",
      byline: "\(board.models.count) models · \(board.measurements.map(\.name).joined(separator: ", "))",
      body: """
        \(board.troubles.map(HTML.warning).joined())
        \(board.overview.html)
        <p class="note">χ² of norm and shape, in brackets the sum of all bins over that of the data;
        \(Board.mark) marks data that the model learned from. In square brackets the number of bins, about the χ² of a
        right prediction.</p>
        <ul>
        \(board.models.map { "<li>\(HTML.prose(board.lesson(of: $0)))</li>" }.joined(separator: "\n"))
        </ul>
        \(board.measurements.map(section).joined(separator: "\n"))
        \(tension)
        <h2>What the columns say</h2>
        \(Self.legend)
        <p class="note">All numbers are in <code>board.csv</code> and <code>tensions.csv</code>, those of the figures in
        <code>figures/</code>.</p>
        """
    ).html
  }

  private func section(_ measurement: Board.Measurement) -> String {
    """
    <h2>\(HTML.prose(measurement.name))</h2>
    <p>\(HTML.prose(board.heading(of: measurement))). \(HTML.prose(board.ranking(of: measurement)))
    \(HTML.prose(board.fluxPulls(of: measurement)))</p>
    \(board.table(of: measurement).html)
    \((figures[measurement.name] ?? []).map(\.html).joined(separator: "\n"))
    """
  }

  private var tension: String {
    guard !board.tensions.isEmpty else { return "" }
    return """
      <h2>Tension between measurements</h2>
      \(board.tensionTable.html)
      <p class="note">What common functions cost: χ² of the model that learned from everything, less the sum of those
      of the same model that learned from one part each. The p value is that of a χ² with as many degrees of freedom as
      parameters are saved; with the effective number of a regularised model it is an estimate. Parts of one measurement
      share errors, so that they have none: the difference is still the number of parameters saved on average, but scatters
      more. ln B is the logarithm of the Bayes factor for common functions, below zero against them.</p>
      """
  }

  private static let legend = """
    <ul>
    <li><b>learned</b>: \(Board.mark) where the model learned from the measurement; × 0.25 where its χ² counted a quarter in the
    fit. What the columns say is with the published errors, tensions with those of the fit.</li>
    <li><b>prediction/data</b>: sums of all bins, with the error of the prediction where the model knows it.</li>
    <li><b>norm–shape χ²</b>, <b>plain χ²</b>: with the errors of the data alone. A prediction of zero has the
    plain χ² above the table.</li>
    <li><b>χ² with its error</b>: the covariance of the prediction added to that of the data.</li>
    <li><b>log score</b>: logarithm of the probability that the prediction gave to the data, at most 0; larger is
    better, and an error that is too large costs as one that is too small does.</li>
    <li><b>p value</b>: share of pseudo-experiments with the prediction as truth that have a larger norm–shape χ². It is
    not corrected for what a model learned from.</li>
    <li><b>given</b> other parts of the measurement: what their misfit says of the errors that both share is counted, in the
    prediction and in its errors.</li>
    <li><b>not covered</b>: share of the prediction from structure functions (W², Q²) that the data learned from do not
    constrain.</li>
    <li><b>ranked</b>: the sum is that of the data to \(DecimalText.general(100 * MeasuredComparison.largestOffset)) %.
    Only such predictions are called better or worse than others.</li>
    </ul>
    """
}
