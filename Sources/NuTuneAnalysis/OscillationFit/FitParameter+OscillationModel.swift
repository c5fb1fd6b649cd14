import NuTuneCore
import NuTuneStatistics

extension FitParameter {
  /// Creates the fit parameter of an oscillation model from its domain.
  ///
  /// - Parameter bounds: a narrower range; starts outside are moved into it. A bound within the domain is a start, too: a range
  ///   that a hypothesis cuts off may have its lowest point there, behind a barrier from all minima inside.
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
    let cuts = [bounds.lowerBound, bounds.upperBound].filter {
      domain.bounds.lowerBound < $0 && $0 < domain.bounds.upperBound
    }
    try self.init(
      name: name, unit: domain.unit, starts: (inside.isEmpty ? [(nearest[0] + middle) / 2] : inside) + cuts,
      bounds: bounds, scale: domain.scale)
  }
}
