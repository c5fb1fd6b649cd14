import Foundation
import NuTuneCore
import NuTuneFolding

/// The rate that a study leaves out because it folds fewer neutrino energies than the beam has: those below
/// `fold.energy_minimum` or above `fold.energy_maximum`, those that no table of a model serves, and those beyond the ends of
/// a flux table whose flux is not yet zero there.
///
/// Rates are those of the truth, or of another model with a cross section of its own where the truth ends, in the bins and
/// with the response of the detectors, and with oscillation. Where no model has a cross section, it is taken as
/// proportional to the energy.
package struct CutRates: Sendable {
  /// Energies that are not folded.
  struct Cut: Sendable {
    /// GeV.
    let energies: ClosedRange<Double>
    /// Why.
    let cause: Cause
    /// What they would add, relative to the rate that is folded, by name of the sample.
    let shares: [(sample: String, share: Double)]
    /// Where the flux table of each sample starts or ends, GeV; for cuts that are due to tables.
    let ends: [Double?]
  }

  /// Why energies are not folded.
  enum Cause: Sendable {
    /// The study or a model does not go there, though the flux does.
    case range
    /// A flux table starts above the lowest useful energy; its flux is taken to be there as in the first bin.
    case tableStart
    /// A flux table ends; its flux is taken to fall on as in its last two bins.
    case tableEnd
  }

  /// Shares of a sample's rate above this are warned about.
  static let largestShare = 1e-3
  /// Relative accuracy of a fold over energies that are left out: it only has to tell how much they are.
  private static let accuracyOfParts = 0.01
  /// What flux × energy puts below this is not folded to be known better.
  private static let leastEstimate = 1e-4

  /// What is left out, whatever its share.
  let cuts: [Cut]

  /// Computes what is left out.
  ///
  /// - Parameters:
  ///   - energies: neutrino energies in GeV that are folded, that could be, and the lowest of a lepton of the bins.
  ///   - models: the truth first, then the models of the analysis; fixed ones serve where the truth ends.
  package init(
    _ analysis: Analysis, _ settings: FoldSettings, _ energies: FoldedEnergies, models: [any CrossSectionModel]
  )
    throws
  {
    let (folded, oscillation) = (analysis.folded, analysis.oscillation)
    let datasets = (folded.near + folded.far).map(\.dataset)
    let moments = try Self.moments(folded, oscillation)
    // Without a truth a cross section that is proportional to the energy stands for it.
    let kept =
      try analysis.truth.map { try ($0.nearRates() + $0.farRates(oscillation)).map { $0.reduce(0, +) } } ?? moments
    let (range, usable) = (energies.folded, energies.usable)
    let starts = datasets.compactMap(\.flux.breakpoints.first).max() ?? 0
    let ends = datasets.compactMap(\.flux.breakpoints.last)
    // Each region with the factor on the widths of its cells: σ changes fast only near threshold.
    let regions: [(ClosedRange<Double>?, Cause, Double)] = [
      (Self.interval(usable.lowerBound, range.lowerBound), .range, 2),
      (Self.interval(range.upperBound, usable.upperBound), .range, 4),
      (Self.interval(energies.lowestLepton, starts), .tableStart, 2),
      (Self.interval(ends.min() ?? 0, Self.continuation * (ends.max() ?? 0)), .tableEnd, 8),
    ]
    cuts = try regions.compactMap { region, cause, coarseness in
      guard let region else { return nil }
      func part(_ withTables: Bool) throws -> ForwardModel {
        var settings = settings
        settings.cellScale *= coarseness
        settings.accuracy = Self.accuracyOfParts
        return try ForwardModel(
          datasets, settings, over: region, oscillation: oscillation, threads: folded.threads, withTables: withTables,
          beyondTables: cause != .range)
      }
      let estimate = zip(try Self.moments(part(false), oscillation), moments).map { $1 > 0 ? $0 / $1 : 0 }
      var shares = estimate
      if analysis.truth != nil, let model = Self.model(for: region, models), (estimate.max() ?? 0) > Self.leastEstimate
      {
        let responses = try ModelResponses(of: model, in: part(true))
        let cut = try responses.nearRates() + responses.farRates(oscillation)
        shares = zip(cut, kept).map { $1 > 0 ? $0.reduce(0, +) / $1 : 0 }
      }
      return Cut(
        energies: region, cause: cause,
        shares: zip(folded.near + folded.far, shares).map { ($0.sample.name, $1) },
        ends: datasets.map { cause == .tableStart ? $0.flux.breakpoints.first : $0.flux.breakpoints.last })
    }
  }

  /// One sentence for everything that the study or a model leaves out of a flux, more than a thousandth of a sample's rate.
  package var warnings: [String] {
    cuts.filter { $0.cause == .range }.compactMap { cut in
      guard let shares = Self.largeShares(of: cut) else { return nil }
      return
        "neutrino energies from \(Self.text(cut.energies.lowerBound)) to \(Self.text(cut.energies.upperBound)) GeV are "
        + "not folded (fold.energy_minimum, fold.energy_maximum, or a model that does not go there); they would add \(shares)"
    }
  }

  /// The same for flux tables that start or end where the flux is not zero: nothing that a study could mend.
  package var notes: [String] {
    cuts.filter { $0.cause != .range }.compactMap { cut in
      guard let shares = Self.largeShares(of: cut) else { return nil }
      return cut.cause == .tableStart
        ? "flux tables start where the flux is not zero; a flux that is below as in their first bin would add about \(shares)"
        : "flux tables end where the flux is not zero; a flux that falls on as in its last two bins would add about \(shares)"
    }
  }

  /// The samples of which a cut takes more than ``largestShare``; nil when there are none.
  private static func largeShares(of cut: Cut) -> String? {
    let large = zip(cut.shares, cut.ends).filter { $0.0.share > largestShare }
    guard !large.isEmpty else { return nil }
    return large.map { entry, end in
      let side = cut.cause == .tableStart ? "below" : "beyond"
      let place = cut.cause == .range ? "" : end.map { " \(side) \(text($0)) GeV" } ?? ""
      return "\(String(format: "%.2g", 100 * entry.share)) % of the rate of \(entry.sample)\(place)"
    }.joined(separator: ", ")
  }

  private static func text(_ value: Double) -> String { String(format: "%.4g", value) }

  /// A flux above its table is followed up to this many times its end.
  private static let continuation = 3.0

  private static func interval(_ low: Double, _ high: Double) -> ClosedRange<Double>? {
    high - low >= FoldedEnergies.narrowest ? low...high : nil
  }

  /// The truth, or else a fixed model, where it has a cross section at these energies.
  private static func model(for region: ClosedRange<Double>, _ models: [any CrossSectionModel])
    -> (any CrossSectionModel)?
  {
    models.first { model in
      guard !(model is any TunableModel) else { return false }
      guard let served = model.energyRange else { return true }
      return served.lowerBound <= region.lowerBound && region.upperBound <= served.upperBound
    }
  }

  /// ∫ flux × oscillation × energy of every dataset, near ones first.
  private static func moments(_ folded: ForwardModel, _ oscillation: any OscillationModel) throws -> [Double] {
    let far = folded.far.isEmpty ? [] : try folded.farWeights(oscillation)
    let edges = folded.cells.edges
    return (folded.near.map(folded.nearWeights) + far).map { weights in
      weights.indices.reduce(0) {
        $0 + weights[$1] * (edges[$1 + 1] - edges[$1]) * (edges[$1 + 1] + edges[$1]) / 2
      }
    }
  }
}
