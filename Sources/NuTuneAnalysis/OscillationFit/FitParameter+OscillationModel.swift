import NuTuneCore
import NuTuneStatistics

extension FitParameter {
  /// Creates the fit parameter of an oscillation model from its domain.
  ///
  /// - Parameter bounds: a narrower range; starts outside are moved into it.
  package init(_ name: String, of oscillation: any OscillationModel, within bounds: ClosedRange<Double>? = nil) throws {
    let domain = try oscillation.fitDomain(of: name)
    guard let bounds else {
      try self.init(
        name: name, unit: domain.unit, starts: domain.starts, bounds: domain.bounds, scale: domain.scale,
        period: domain.period)
      return
    }
    let inside = domain.starts.filter { bounds.contains($0) }
    let nearest = domain.starts.map { min(max($0, bounds.lowerBound), bounds.upperBound) }
    let middle = (bounds.lowerBound + bounds.upperBound) / 2
    try self.init(
      name: name, unit: domain.unit, starts: inside.isEmpty ? [(nearest[0] + middle) / 2] : inside, bounds: bounds,
      scale: domain.scale)
  }
}
