import NuTuneCore

/// Two panels, one over the other: densities, and below them the ratio to the truth, or to the data where there is no
/// truth. Without both there is only the upper one.
struct RatioPanels: Sendable {
  /// The projection that is drawn.
  var projection: Projection
  /// Frame of both panels together.
  var frame: PlotFrame
  /// Height of the ratio panel in cm.
  var ratioHeight = 1.6
  /// Upper end of the first axis, if it should end before the last bin.
  var upperEdge: Double?
  /// Height in cm that curves leave free at the top of the left or right half, or of both (nil), for texts.
  var reserved: (height: Double, isLeft: Bool?) = (0, false)
  /// Title of the density axis, quoted enhanced text.
  var densityTitle: String
  /// Logarithmic density axis.
  var isLogarithmic = false

  private static let gap = 0.12

  /// Adds both panels to a script.
  func draw(in script: inout PlotScript) {
    let start = projection.axis.edges[0]
    let end = end
    func horizontal(labels: Bool) -> [String] {
      scale.settings("x", from: start, to: end, labels: labels, labelsEnds: projection.slice != nil)
    }
    guard let reference = projection.reference else {
      addAxisTitle(frame, in: &script)
      drawDensities(in: &script, frame, horizontal(labels: true))
      return
    }
    let lower = PlotFrame(left: frame.left, bottom: frame.bottom, width: frame.width, height: ratioHeight)
    let upper = PlotFrame(
      left: frame.left, bottom: lower.top + Self.gap, width: frame.width,
      height: frame.height - ratioHeight - Self.gap)
    drawDensities(in: &script, upper, horizontal(labels: false))
    drawRatios(to: reference, in: &script, lower, horizontal(labels: true))
  }

  private func addAxisTitle(_ frame: PlotFrame, in script: inout PlotScript) {
    script.addText(
      FigureText.axisTitle(projection.axis.observable), x: frame.left + frame.width / 2, y: frame.bottom - 0.72,
      "center")
  }

  /// Where the axis ends.
  private var end: Double { upperEdge ?? projection.axis.edges[projection.axis.count] }

  private var scale: AxisScale { AxisScale(projection.axis, upTo: end) }

  /// Returns the middle of a bin on the page.
  private func center(_ bin: Int) -> Double {
    (scale.position(projection.axis.edges[bin]) + scale.position(projection.axis.edges[bin + 1])) / 2
  }

  /// Returns a histogram's outline in segments of [position, y]; bins without a value interrupt it.
  private func outline(_ value: (Int) -> Double?) -> [[[Double]]] {
    var segments: [[[Double]]] = [[]]
    for bin in 0..<projection.axis.count {
      guard let y = value(bin) else {
        if segments.last?.isEmpty == false { segments.append([]) }
        continue
      }
      segments[segments.count - 1] += [bin, bin + 1].map { [scale.position(projection.axis.edges[$0]), y] }
    }
    return segments.filter { !$0.isEmpty }
  }

  private func drawDensities(in script: inout PlotScript, _ frame: PlotFrame, _ horizontal: [String]) {
    script.addText(densityTitle, x: frame.left - 1.15, y: frame.bottom + frame.height / 2, "center rotate by 90")
    var layers = [String]()
    var densities = [Double]()
    layers += components(in: &script)
    if let truth = projection.truth {
      densities = (0..<projection.axis.count).map { projection.density(truth, $0) }
      let block = script.addData(outline { densities[$0] })
      layers.append("\(block) using 1:2 with lines \(FigureStyle.truth.line)")
    }
    for (position, model) in projection.models.enumerated() {
      let block = script.addData(outline { projection.density(model, $0) })
      layers.append("\(block) using 1:2 with lines \(FigureStyle.model(position).line)")
      densities += (0..<projection.axis.count).map { projection.density(model, $0) }
    }
    if let data = projection.data {
      let rows = (0..<projection.axis.count).map { bin in
        let value = projection.density(data, bin)
        let errors = projection.dataErrors(bin) ?? (0, 0)
        // A logarithmic axis would lose a bar that reaches zero; measured errors often do.
        let isLost = isLogarithmic && projection.errors != nil && errors.lower >= value
        return [center(bin), value, isLost ? value * 1e-6 : value - errors.lower, value + errors.upper]
      }
      layers += points(script.addData([rows]))
      densities += rows.map { $0[3] }
    }
    let largest = densities.max() ?? 1
    var settings = horizontal + ["set mytics 2"]
    if isLogarithmic {
      let highest = largest > 0 ? largest : 1
      let least = densities.filter { $0 > highest * 1e-4 }.min() ?? highest * 1e-4
      settings += [
        "set logscale y", "set format y '10^{%T}'", "set mytics 10",
        "set yrange [\(DecimalText.plotted(least / 2)):\(DecimalText.plotted(highest * 2))]",
      ]
    } else {
      let upper = max(largest * 1.12, largestBesideTexts * frame.height / max(frame.height - reserved.height, 0.5))
      settings.append("set yrange [0:\(DecimalText.plotted(upper > 0 ? upper : 1))]")
    }
    script.addPanel(frame, settings: settings, layers: layers.isEmpty ? ["NaN with lines"] : layers)
  }

  /// Components of the truth stacked as filled areas, the first on top; each covers the lower part of the one before.
  private func components(in script: inout PlotScript) -> [String] {
    projection.components.indices.map { first in
      let stacked = (0..<projection.axis.count).map { bin in
        projection.components[first...].reduce(0) { $0 + projection.density($1, bin) }
      }
      let block = script.addData(outline { stacked[$0] })
      return "\(block) using 1:2 with filledcurves x1 fc rgb '\(FigureStyle.component(first))' fs solid noborder"
    }
  }

  /// The largest density in the part of the axis with texts.
  private var largestBesideTexts: Double {
    let axis = projection.axis
    let middle = scale.middle(axis.edges[0], end)
    let bins = (0..<axis.count).filter { bin in
      reserved.isLeft.map { $0 ? axis.edges[bin] < middle : axis.edges[bin + 1] > middle } ?? true
    }
    let points = projection.data.map { data in
      bins.map { projection.density(data, $0) + (projection.dataErrors($0)?.upper ?? 0) }
    }
    let curves = ([projection.truth].compactMap { $0 } + projection.models).flatMap { model in
      bins.map { projection.density(model, $0) }
    }
    return (curves + (points ?? [])).max() ?? 0
  }

  private func drawRatios(
    to reference: [Double], in script: inout PlotScript, _ frame: PlotFrame, _ horizontal: [String]
  ) {
    let axis = projection.axis
    script.addText(
      projection.truth == nil ? "'Ratio to data'" : "'Ratio to truth'", x: frame.left - 1.15,
      y: frame.bottom + frame.height / 2, "center rotate by 90")
    addAxisTitle(frame, in: &script)
    // A slice holds a part of the rate, of which the bins count that a reader sees.
    let share = projection.slice == nil ? 1 : reference.reduce(0, +)
    var layers = ["1 with lines \(FigureStyle.truth.line)"]
    var deviations = [Double]()
    for (position, model) in projection.models.enumerated() {
      func ratio(_ bin: Int) -> Double? {
        projection.isComparable(bin) ? model[bin] / reference[bin] : nil
      }
      if let band = band(position, to: reference) { layers.insert(band.draw(in: &script), at: 0) }
      let block = script.addData(outline(ratio))
      layers.append("\(block) using 1:2 with lines \(FigureStyle.model(position).line)")
      deviations += (0..<axis.count).filter { reference[$0] > 1e-3 * share }.compactMap(ratio).map { $0 - 1 }
    }
    if let data = projection.data {
      let bins = (0..<axis.count).filter(projection.isComparable)
      let rows = bins.map { bin in
        let expected = projection.density(reference, bin)
        let value = projection.density(data, bin) / expected
        let errors = projection.dataErrors(bin) ?? (0, 0)
        return [center(bin), value, value - errors.lower / expected, value + errors.upper / expected]
      }
      if !rows.isEmpty { layers += points(script.addData([rows])) }
      // For points that scatter the panel must show most of them with their bars; for Asimov points the best bar only.
      let errors = zip(bins, rows).filter { reference[$0.0] > 0.01 * share }.map { $0.1[3] - $0.1[1] }.sorted()
      if projection.hasErrors, let least = errors.first {
        deviations.append(projection.isAsimov ? 1.5 * least : 2 * errors[errors.count / 2])
      }
    }
    let half = AxisRange.ratio(deviations)
    let tick = AxisRange.ratioTick(half)
    let ticks = [1 - tick, 1, 1 + tick].map(DecimalText.plotted).joined(separator: ", ")
    let settings =
      horizontal + [
        "set yrange [\(DecimalText.plotted(1 - half)):\(DecimalText.plotted(1 + half))]", "set ytics (\(ticks))",
      ]
    script.addPanel(frame, settings: settings, layers: layers)
  }

  /// Returns a model's ratio to the reference within one standard deviation of its posterior modes.
  private func band(_ position: Int, to reference: [Double]) -> UncertaintyBand? {
    guard let uncertainty = projection.uncertainties[position] else { return nil }
    let model = projection.models[position]
    var segments: [[[Double]]] = [[]]
    for bin in 0..<projection.axis.count {
      guard projection.isComparable(bin) else {
        if segments.last?.isEmpty == false { segments.append([]) }
        continue
      }
      let expected = reference[bin]
      segments[segments.count - 1] += [bin, bin + 1].map {
        [
          scale.position(projection.axis.edges[$0]), (model[bin] - uncertainty[bin]) / expected,
          (model[bin] + uncertainty[bin]) / expected,
        ]
      }
    }
    return UncertaintyBand(segments: segments.filter { !$0.isEmpty }, color: FigureStyle.model(position).color)
  }

  /// Returns points, over bars without caps if there are errors.
  private func points(_ block: String) -> [String] {
    let bars = "\(block) using 1:3:(0):($4-$3) with vectors nohead lc rgb 'black' lw 0.8"
    let markers = "\(block) using 1:2 with points pt 7 ps 0.35 lc rgb 'black'"
    return projection.hasErrors ? [bars, markers] : [markers]
  }
}
