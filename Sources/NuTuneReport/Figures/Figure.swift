/// A figure: title and caption, the script that draws it with its data inside, and the numbers behind it.
struct Figure: Sendable {
  /// File name without extension.
  var name: String
  /// Heading in the report.
  var title: String
  /// Content of the figure, and where to look.
  var caption: String
  /// The drawing.
  var drawing: PlotScript
  /// The numbers behind it.
  var tables: [CommaSeparatedTable]
}

extension Figure {
  /// Returns all figures of a run, in the order of the report. Of models that differ only in their seed, one is drawn;
  /// the figure about positions has all.
  static func all(of whole: FinishedRun) -> [Figure] {
    let run = whole.withoutRepetitions
    let maps = run.predictions.samples.compactMap { sample in
      run.labels.isEmpty ? nil : ResidualMapFigure(sample: sample, labels: run.labels).figure
    }
    let distributions = run.predictions.samples.map {
      DistributionFigure(sample: $0, labels: run.labels).figure
    }
    var figures = [OverviewFigure(results: run.results)?.figure, PositionFigure(results: whole.results)?.figure]
      .compactMap { $0 }
    figures += maps.isEmpty ? distributions : zip(distributions, maps).flatMap { [$0, $1] }
    figures += [
      SliceFigure(slices: run.predictions.slices, labels: run.labels)?.figure,
      LearningCurveFigure(curves: run.predictions.learningCurves, labels: run.labels)?.figure,
    ].compactMap { $0 }
    figures += ContourFigure.all(of: run.results).map(\.figure)
    figures += [
      ProfileFigure(results: run.results)?.figure,
      PosteriorWidthFigure(results: run.results, labels: run.labels)?.figure,
    ].compactMap { $0 }
    for channel in run.structureFunctions?.channels ?? [] {
      guard let maps = run.structureFunctions else { continue }
      figures.append(ImportanceFigure(maps, channel: channel).figure)
      figures += run.labels.compactMap { StructureFunctionFigure(maps, channel: channel, label: $0)?.figure }
    }
    return distinct(figures)
  }

  /// Gives figures distinct file names: labels of several runs may give the same one; the later ones get a number.
  static func distinct(_ figures: [Figure]) -> [Figure] {
    var count: [String: Int] = [:]
    return figures.map { figure in
      count[figure.name, default: 0] += 1
      guard let number = count[figure.name], number > 1 else { return figure }
      var figure = figure
      figure.name += "-\(number)"
      for table in figure.tables.indices { figure.tables[table].name += "-\(number)" }
      return figure
    }
  }
}
