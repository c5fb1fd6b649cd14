import NuTuneCore
import NuTuneLearning

/// Trained parameters, and the scaling of the inputs that belongs to them.
struct TunedNetworks: Sendable {
  let helicities: [Helicity]
  /// Parameters, one net after the other, shape [helicities][parameters].
  let parameters: [Float]
  let features: NetworkFeatures

  init(helicities: [Helicity], parameters: [Float], features: NetworkFeatures) {
    self.helicities = helicities
    self.parameters = parameters
    self.features = features
  }

  /// Returns the parameters of the net for a species.
  func parameters(for species: NeutrinoSpecies) throws -> [Float] {
    guard let net = helicities.firstIndex(of: species.helicity) else {
      throw NuTuneError(
        .badData, key: "channels", found: "the channel \(species.rawValue)",
        expected: "a channel of \(helicities.map(\.rawValue).joined(separator: " or ")), on which the model was tuned")
    }
    let count = parameters.count / helicities.count
    return Array(parameters[net * count..<(net + 1) * count])
  }

  /// Saves tensors `<helicity>.layer<i>.weight` [out][in] and `.bias` [out], and a card with neutrino signs and
  /// scaling.
  func state(shape: NetworkShape) -> ModelState {
    let count = shape.parameterCount
    return ModelState(
      tensors: helicities.enumerated().flatMap { net, helicity in
        shape.tensors(of: Array(parameters[net * count..<(net + 1) * count]), name: helicity.rawValue)
      },
      card: [
        "helicities": .texts(helicities.map(\.rawValue)), "features": .texts(features.features),
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
    helicities = names.compactMap(Helicity.init(rawValue:))
    guard helicities.count == names.count, saved == features, center.count == features.count,
      factor.count == features.count
    else { throw refuse("features [\(saved.joined(separator: ", "))]") }
    parameters = state.tensors.flatMap(\.elements)
    guard !helicities.isEmpty, parameters.count == helicities.count * shape.parameterCount else {
      throw refuse("\(parameters.count) parameters")
    }
    self.features = NetworkFeatures(features: saved, center: center, factor: factor)
  }
}
