import NuTuneCore
import NuTuneFolding

/// Uncertainties of beam and far detector that an oscillation fit profiles, each in units of its standard deviation:
/// principal components of the flux and the lepton-energy scale. Far rates are linear in them,
///
///     f_b + Σ_k η_k D_kb,   D_k = Σ_cells (δΦ_k P) R + (Φ P) δR_k
///
/// δΦ_k is a component's change of the flux and δR_k what it changes in the cross section: a model that was tuned with
/// the shifted flux is another one. For the energy scale δΦ is zero and δR half the difference of both sides.
struct NuisanceParameters: Sendable {
  /// One of them.
  struct Parameter: Sendable {
    /// `flux_1`, `energy_scale`.
    var name: String
    /// Far samples with the change of the flux instead of the flux; nil when it stays.
    var fluxChange: [FoldedStudy.FoldedSample]?
    /// Change of the response of each far sample; nil when it stays.
    var responseChange: [CellResponse]?
  }

  let parameters: [Parameter]

  /// Number of parameters.
  package var count: Int { parameters.count }
  /// Names, in order.
  var names: [String] { parameters.map(\.name) }

  /// D of one far sample, shape [parameters × bins], row-major.
  ///
  /// - Parameter weights: mean flux × oscillation in each cell of the sample.
  func changes(
    sample: Int, weights: [Double], _ probabilities: [Helicity: OscillationProbabilities], _ responses: ModelResponses
  ) -> [Double] {
    parameters.flatMap { parameter in
      var change = [Double](repeating: 0, count: responses.far[sample].binCount)
      if let samples = parameter.fluxChange {
        change = responses.far[sample].rates(weights: responses.folded.farWeights(samples[sample], probabilities))
      }
      if let response = parameter.responseChange?[sample] {
        for (bin, rate) in response.rates(weights: weights).enumerated() { change[bin] += rate }
      }
      return change
    }
  }
}

extension FoldedStudy {
  /// The same study whose far detector measures the lepton energy `factor` times as large.
  func withFarEnergyScale(_ factor: Double, of detector: any EnergyScalableDetector) throws -> FoldedStudy {
    var study = self
    let scaled = detector.scaled(energyBy: factor)
    study.far = try far.map { sample in
      FoldedSample(
        sample: sample.sample, table: sample.table, response: try scaled.response(for: sample.sample.binning),
        title: sample.title, exposure: sample.exposure, flux: sample.flux)
    }
    return study
  }
}
