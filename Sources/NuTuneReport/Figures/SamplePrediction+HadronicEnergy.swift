import NuTuneCore
import NuTuneResults

extension Predictions.SamplePrediction {
  /// The same sample in the bins of the lepton alone, summed over the hadronic energy where that is measured.
  ///
  /// Errors of sums do not follow from those of bins and are left out.
  var summedOverHadronicEnergy: Predictions.SamplePrediction {
    guard binning.hadronic != nil else { return self }
    let sum = binning.summedOverHadronicEnergy
    return Predictions.SamplePrediction(
      name: name, title: title, binning: binning.lepton, events: events, data: sum(data), truth: truth.map(sum),
      models: models.mapValues(sum))
  }
}
