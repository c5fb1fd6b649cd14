import NuTuneCore
import NuTuneStatistics
import NuTuneResults

extension OscillationFit {
  /// What the scan of the first two parameters does not show: the profile of a parameter that is fitted alone, contours of
  /// every other pair, profiles of the further parameters.
  func scanOthers(
    _ record: inout Record, _ likelihood: any Likelihood, _ parameters: [FitParameter], _ fit: FitResult
  ) throws {
    guard names.count != 2 else { return }
    var profiles = record.results.profiles ?? [:]
    if names.count == 1 {
      let values = try axes(parameters, fit, likelihood, of: [0, 0]).x
      profiles[names[0]] = .init(
        values: values, delta: try values.map { try likelihood.minusTwoLogLikelihood(at: [$0]) - fit.best.value })
    }
    var pairs: [String: [String: OscillationResults.Contour]] = [:]
    for (x, y) in names.indices.flatMap({ x in (x + 1..<max(names.count, x + 1)).map { (x, $0) } })
    where (x, y) != (0, 1) && scan.hasPlane(names[x], names[y]) {
      let axes = try axes(parameters, fit, likelihood, of: [x, y])
      let grid = try GridScan(
        likelihood, parameters, x: (x, axes.x), y: (y, axes.y), others: .profiled(from: fit.best.position),
        reference: fit.best.value, jobs: responses.folded.threads)
      if grid.notConverged > 0 {
        record.results.fail("\(grid.notConverged) points of the scan of \(names[x]) and \(names[y]) were not minimised")
      }
      pairs["\(names[x]),\(names[y])"] = try Self.contours(of: grid.field)
      if profiles[names[y]] == nil {
        profiles[names[y]] = .init(values: axes.y, delta: grid.field.profile(along: .second))
      }
    }
    // A parameter in none of the planes has its profile all the same.
    for (index, name) in names.enumerated() where profiles[name] == nil {
      let values = try axes(parameters, fit, likelihood, of: [index, index]).x
      profiles[name] = .init(
        values: values,
        delta: try values.map { value in
          try ProfileInterval.profile(of: index, at: value, in: fit, likelihood: likelihood) - fit.best.value
        })
    }
    record.results.profiles = profiles
    record.results.pairContours = pairs.isEmpty ? nil : pairs
  }
}

extension OscillationResults {
  /// Says which regions fill their scan, so that no line can be drawn.
  mutating func addRemarksOnContours() {
    let pairs =
      [(parameters.prefix(2).joined(separator: ","), contours)] + (pairContours ?? [:]).sorted { $0.key < $1.key }
    for (pair, contours) in pairs {
      for contour in contours.values.sorted(by: { $0.probability < $1.probability }) where contour.fillsScan == true {
        let names = pair.split(separator: ",").joined(separator: " and ")
        remarks =
          (remarks ?? []) + [
            "the region of \(OscillationResults.contourKey(contour.probability)) % in \(names) fills the whole range of the "
              + "scan, so it has no line: these data do not bound it there"
          ]
      }
    }
  }
}
