import NuTuneCore
import NuTuneFolding

/// Uncertainties of beam and far detector that an oscillation fit profiles, each in units of its standard deviation:
/// principal components of the flux, the lepton-energy scale, norms and the density of matter. Far rates are linear in them,
///
///     f_b + Σ_k η_k D_kb,   D_k = Σ_cells (δΦ_k P) R + (Φ P) δR_k
///
/// δΦ_k is a component's change of the flux and δR_k what it changes in the cross section: a model that was tuned with
/// the shifted flux is another one. For the energy scale δΦ is zero and δR half the difference of both sides; for the
/// density it is half the difference of P of both sides that counts. Norms without a prior are scales instead, of which
/// the unit is one.
public struct NuisanceParameters: Sendable {
  /// One of them.
  struct Parameter: Sendable {
    /// `flux_1`, `energy_scale`.
    var name: String
    /// Far samples with the change of the flux instead of the flux; nil when it stays.
    var fluxChange: [FoldedDataset]?
    /// Change of the response of each far sample; nil when it stays.
    var responseChange: [CellResponse]?
    /// Relative change of the rate of each far sample; nil when it stays.
    var norm: [Double]?
    /// Far samples behind more and behind less matter, one standard deviation each; nil when it stays.
    var density: (more: [FoldedDataset], less: [FoldedDataset])?
    /// Standard deviation of its prior, relative for a scale, a density or a number of events; 1 for a component of the flux
    /// covariance, which has no other unit; nil without a prior, where ``norm`` is the sign with which it acts on each far
    /// sample.
    var width: Double?

    /// Whether it has no prior.
    var isFree: Bool { width == nil }
  }

  let parameters: [Parameter]

  /// Number of parameters.
  public var count: Int { parameters.count }
  /// Far samples behind other baselines than those of the study, whose probabilities the changes need.
  package var others: [FoldedDataset] { parameters.flatMap { ($0.density?.more ?? []) + ($0.density?.less ?? []) } }
  /// Names, in order.
  public var names: [String] { parameters.map(\.name) }
  /// Standard deviations of the priors, relative or, of a component of the flux covariance, 1; nil without a prior.
  package var widths: [Double?] { parameters.map(\.width) }
  /// Indices of those without a prior.
  var free: [Int] { parameters.indices.filter { parameters[$0].isFree } }

  /// D of parameters that have a prior, of the D of all, shape [parameters × bins].
  func constrained(_ changes: [Double]) -> [Double] {
    guard count > 0, !free.isEmpty else { return changes }
    let bins = changes.count / count
    return parameters.indices.filter { !parameters[$0].isFree }.flatMap { changes[$0 * bins..<($0 + 1) * bins] }
  }

  /// Change of the logarithm of a far dataset's rate per unit of the logarithm of each scale without a prior, shape
  /// [scales].
  func scaleSlopes(of dataset: Int) -> [Double] { free.map { parameters[$0].norm?[dataset] ?? 0 } }
}

extension ForwardModel {
  /// Whether every far detector has a lepton-energy scale.
  var hasFarEnergyScale: Bool {
    !far.isEmpty
      && far.allSatisfy { ($0.dataset.detector as? any EnergyScalableDetector)?.hasEnergyScale ?? false }
  }

  /// The same model whose far detectors measure the lepton energy `factor` times as large.
  func withFarEnergyScale(_ factor: Double) throws -> ForwardModel {
    var model = self
    model.far = try far.map { sample in
      guard let detector = sample.dataset.detector as? any EnergyScalableDetector else { return sample }
      var scaled = sample
      scaled.response = try detector.scaled(energyBy: factor).response(for: sample.sample.binning.folded.lepton)
      return scaled
    }
    return model
  }
}
