import NuTuneCore
import NuTuneLearning

/// Trained parameters, and the scaling of the inputs that belongs to them.
struct TunedNetworks: Sendable {
  let nuclei: [LearnedNucleus]
  /// Parameters, one net after the other, shape [nuclei][parameters].
  let parameters: [Float]
  let features: NetworkFeatures

  init(nuclei: [LearnedNucleus], parameters: [Float], features: NetworkFeatures) {
    self.nuclei = nuclei
    self.parameters = parameters
    self.features = features
  }

  /// Returns the parameters of the net for a reaction.
  func parameters(for reaction: Reaction) throws -> [Float] {
    guard let net = nuclei.firstIndex(where: { $0.serves(reaction) }) else {
      let target = nuclei.contains { $0.target != nil } ? " on \(reaction.target.name)" : ""
      throw NuTuneError(
        .badData, key: "channels", found: "the channel \(reaction.species.rawValue)\(target)",
        expected: "a channel of \(nuclei.map(\.name).joined(separator: " or ")), on which the model was tuned")
    }
    let count = parameters.count / nuclei.count
    return Array(parameters[net * count..<(net + 1) * count])
  }

  /// Saves tensors `<helicity>.layer<i>.weight` [out][in] and `.bias` [out], of one target among several
  /// `<helicity>-<target>.…`, and a card with neutrino signs, targets and scaling.
  func state(shape: NetworkShape) -> ModelState {
    let count = shape.parameterCount
    return ModelState(
      tensors: nuclei.enumerated().flatMap { net, nucleus in
        shape.tensors(of: Array(parameters[net * count..<(net + 1) * count]), name: nucleus.name)
      },
      card: [
        "helicities": .texts(nuclei.map(\.name)), "features": .texts(features.features),
        "feature_center": .numbers(features.center), "feature_factor": .numbers(features.factor),
      ])
  }

  /// Restores networks from ``state(shape:)``; throws for a state that does not fit.
  init(_ state: ModelState, shape: NetworkShape, features: [String]) throws {
    func refuse(_ found: String) -> NuTuneError {
      NuTuneError(.badData, key: "neural-sf", found: found, expected: "the state of a net with these parameters")
    }
    guard case .texts(let names) = state.card["helicities"], case .texts(let saved) = state.card["features"],
      case .numbers(let center) = state.card["feature_center"],
      case .numbers(let factor) = state.card["feature_factor"]
    else { throw refuse("a card without helicities or features") }
    let outputs = state.tensors.last?.shape.first ?? 0
    guard outputs == shape.outputs else {
      throw NuTuneError(
        .badData, key: "network.mass_functions", found: "the state of nets for \(outputs) structure functions",
        expected: "one for \(shape.outputs): three if network.mass_functions is fixed, five if it is bounded")
    }
    nuclei = names.compactMap(LearnedNucleus.init(named:))
    guard nuclei.count == names.count, saved == features, center.count == features.count,
      factor.count == features.count
    else { throw refuse("features [\(saved.joined(separator: ", "))]") }
    parameters = state.tensors.flatMap(\.elements)
    guard !nuclei.isEmpty, parameters.count == nuclei.count * shape.parameterCount else {
      throw refuse("\(parameters.count) parameters")
    }
    self.features = NetworkFeatures(features: saved, center: center, factor: factor)
  }
}
