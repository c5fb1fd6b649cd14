import Foundation
import NuTuneResults
import NuTuneStatistics

extension OscillationFit {
  /// Names of the nuisance parameters that are profiled.
  package var nuisanceNames: [String] { nuisances?.names ?? [] }

  /// Standard deviations of their priors, see ``NuisanceParameters/widths``; nil for one without a prior.
  package var nuisanceWidths: [Double?] { nuisances?.widths ?? [] }

  /// Computes the best values of the nuisance parameters at values of the fitted ones: in standard deviations of the prior,
  /// and a scale where there is none, relative to what near data and exposures say.
  ///
  /// - Parameters:
  ///   - likelihood: the likelihood of this fit.
  ///   - position: values of the fitted parameters, in order.
  /// - Returns: values in the order of ``nuisanceNames``.
  package func pulls(_ likelihood: any Likelihood, at position: [Double]) throws -> [Double] {
    guard let nuisances else { return [] }
    var (pulls, scales): ([Double], [Double]) = ([], [])
    switch (likelihood as? ConstrainedLikelihood)?.base ?? likelihood {
    case let profiled as ProfiledCountLikelihood:
      let values = try profiled.pulls(at: position).values
      return zip(values, nuisances.widths).map { $1 == nil ? max(1 + $0, 0) : $0 }
    case let marginalized as MarginalizedCountLikelihood:
      let best = try marginalized.best(at: position)
      (pulls, scales) = (best.pulls, best.logScales.map { exp($0) })
    default: return []
    }
    // Those without a prior stand apart there.
    return nuisances.widths.map { $0 == nil ? scales.removeFirst() : pulls.removeFirst() }
  }

  /// Adds the best values of the nuisance parameters by name.
  func addPulls(_ likelihood: any Likelihood, at position: [Double], to results: inout OscillationResults) throws {
    let values = zip(zip(nuisanceNames, nuisanceWidths), try pulls(likelihood, at: position))
    func named(_ isFree: Bool) -> [String: Double] {
      Dictionary(uniqueKeysWithValues: values.filter { ($0.0.1 == nil) == isFree }.map { ($0.0.0, $0.1) })
    }
    results.pulls = named(false)
    if nuisanceWidths.contains(where: { $0 == nil }) { results.scales = named(true) }
  }
}
