import NuTuneCore
import NuTuneStatistics

extension FitParameter {
  /// A parameter of an oscillation model where its domain says.
  package init(_ name: String, of oscillation: any OscillationModel) throws {
    let domain = try oscillation.fitDomain(of: name)
    try self.init(
      name: name, unit: domain.unit, starts: domain.starts, bounds: domain.bounds, scale: domain.scale,
      period: domain.period)
  }
}
