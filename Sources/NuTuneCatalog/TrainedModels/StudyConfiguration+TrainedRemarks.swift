import Foundation
import NuTuneCore

extension StudyConfiguration {
  /// What a reader of the results should know of the trained models that the study uses, a sentence each.
  ///
  /// - Parameter energies: neutrino energies that are folded, GeV.
  package func trainedRemarks(folding energies: ClosedRange<Double>) -> [String] {
    var remarks: [String] = []
    if let truth, let trained = truth.trained {
      remarks.append(
        "the data are made by the trained model \(trained.described): near data are a sample that it has not "
          + "seen, and what its own data left open is part of this truth" + Self.scale(of: trained)
          + Self.range(of: trained, energies))
    }
    for model in models {
      if let trained = model.trained {
        remarks.append(
          "\(model.label) is the trained model \(trained.described) as it was: it learned nothing from the near "
            + "data of this study" + Self.range(of: trained, energies))
      }
      for component in model.withComponents.dropFirst() {
        guard let trained = component.trained else { continue }
        remarks.append(
          "the \(component.label) of \(model.label) is the trained model \(trained.described): data that both "
            + "learned from count twice" + Self.range(of: trained, energies))
      }
    }
    return remarks
  }

  private static func scale(of trained: TrainedModel) -> String {
    trained.origin?.scale.isAbsolute ?? false
      ? "" : "; the scale of its cross section is arbitrary, because it learned shapes"
  }

  /// Energies of the study that the near data of a model do not reach.
  private static func range(of trained: TrainedModel, _ energies: ClosedRange<Double>) -> String {
    guard let known = trained.origin?.neutrinoEnergies, known.count == 2,
      energies.lowerBound < known[0] * (1 - 1e-9) || energies.upperBound > known[1] * (1 + 1e-9)
    else { return "" }
    func text(_ value: Double) -> String { String(format: "%.4g", value) }
    return
      "; it learned from \(text(known[0])) to \(text(known[1])) GeV, and this study folds "
      + "\(text(energies.lowerBound)) to \(text(energies.upperBound)) GeV"
  }
}

extension TrainedModel {
  /// What a reader of its cross section should know of its scale; nil for an absolute one.
  package var scaleWarning: String? {
    guard let scale = origin?.scale else { return "the card, of an older version, does not say its scale" }
    guard !scale.isAbsolute else { return nil }
    let factors = scale.factors.sorted { $0.key < $1.key }.map { sign, factor in
      "\(String(format: "%.6g", factor.value)) for \(sign)s"
    }
    return "it learned shapes, so the scale of its cross section is arbitrary"
      + (factors.isEmpty ? "" : "; near events say a factor of \(factors.joined(separator: ", "))")
  }

  /// Its name, and what it learned from.
  fileprivate var described: String {
    guard let origin else { return reference }
    return "\(reference) (\(origin.channels.joined(separator: ", ")) on \(origin.targets.joined(separator: ", ")), "
      + "\(origin.experiments.joined(separator: ", ")))"
  }
}
