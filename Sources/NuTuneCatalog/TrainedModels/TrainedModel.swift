import Foundation
import NuTuneCore
import NuTuneFiles

/// A model that was trained before, by a run or a catalog entry: everything that is needed to evaluate it.
package struct TrainedModel: Sendable {
  /// The name it was asked for by, `runs/x#neural` or `dune-ar40-v1`.
  package var reference: String
  /// Path of its weights, for errors.
  package var weightsPath: String
  /// Its weights, and what belongs to them.
  package var state: ModelState
  /// Weights of the trained models it is made of, their names behind that of the component.
  package var others: [ModelState.Tensor]
  /// What it learned from; nil for a card of an older version.
  package var origin: ModelOrigin?
  /// SHA-256 of its weights and its card.
  package var sha256: String

  /// Reads card and weights.
  ///
  /// - Throws: `NuTuneError` for files that are missing, damaged, or of a newer version.
  package static func read(_ files: TrainedModelFiles, reference: String) throws -> (TrainedModel, ModelCard) {
    let card = try ModelCard.read(files.card)
    guard let weights = FileManager.default.contents(atPath: files.weights) else {
      throw NuTuneError(
        .missingInput, at: SourceLocation(file: files.weights), found: "no such file", expected: "trained weights")
    }
    let digest = Digest.sha256(weights)
    for (name, expected) in [("card", card.weightsDigest), ("catalog entry", files.weightsDigest)] {
      guard let expected, expected != digest else { continue }
      throw NuTuneError(
        .badData, at: SourceLocation(file: files.weights), found: "weights with SHA-256 \(digest.prefix(16))…",
        expected: "those with \(expected.prefix(16))…, which the \(name) belongs to: one of the files was changed")
    }
    let (own, others) = split(try SafeTensors.decode(weights, path: files.weights))
    let model = TrainedModel(
      reference: reference, weightsPath: files.weights, state: ModelState(tensors: own, card: card.state),
      others: others, origin: card.origin,
      sha256: Digest.sha256((digest + (Digest.sha256(ofFile: files.card) ?? "")).utf8))
    return (model, card)
  }

  /// The trained model that a component of this one is; nil when it is none.
  func component(_ name: String, _ card: ModelCardComponent) -> TrainedModel? {
    let prefix = name + Self.separator
    let below = others.filter { $0.name.hasPrefix(prefix) }.map { tensor in
      var tensor = tensor
      tensor.name = String(tensor.name.dropFirst(prefix.count))
      return tensor
    }
    guard let trained = card.trained else { return nil }
    let (own, others) = Self.split(below)
    return TrainedModel(
      reference: trained, weightsPath: weightsPath, state: ModelState(tensors: own, card: card.state ?? [:]),
      others: others, origin: card.origin, sha256: sha256)
  }

  /// Tensors of a model itself, and those of models that it is made of.
  private static func split(_ tensors: [ModelState.Tensor]) -> (own: [ModelState.Tensor], others: [ModelState.Tensor]) {
    (tensors.filter { !$0.name.contains(separator) }, tensors.filter { $0.name.contains(separator) })
  }

  /// What stands between the name of a component and those of its tensors.
  private static let separator = "//"

  /// The tensors of a tuned model with those of the trained models that it is made of.
  package static func tensors(_ own: [ModelState.Tensor], of selection: PluginSelection) -> [ModelState.Tensor] {
    own
      + selection.components.flatMap { component in
        (component.trained.map { $0.state.tensors + $0.others } ?? []).map { tensor in
          var tensor = tensor
          tensor.name = component.label + separator + tensor.name
          return tensor
        }
      }
  }

  /// Number of its weights.
  package var parameterCount: Int { state.tensors.reduce(0) { $0 + $1.elements.count } }

  /// The trained model from the same model before training, as one that is not trained again.
  ///
  /// - Throws: `NuTuneError` when the weights do not fit, or the program evaluates them in another way.
  func restored(_ untuned: any Plugin) throws -> any CrossSectionModel {
    guard let tunable = untuned as? any TunableModel else {
      throw NuTuneError(
        .badData, at: SourceLocation(file: weightsPath),
        found: "weights of “\(type(of: untuned).descriptor.name)”, which is not trained", expected: "a model that is")
    }
    let model: any CrossSectionModel
    do {
      model = try tunable.restored(from: state)
    } catch let error as NuTuneError {
      throw error.located(at: SourceLocation(file: weightsPath))
    }
    for probe in origin?.probes ?? [] { try probe.check(model, path: weightsPath) }
    let scope = TrainedScope(reference: reference, targets: origin.map { Set($0.targets) })
    switch model {
    case let gaussian as any GaussianModel: return TrainedGaussianModel(model: gaussian, scope: scope)
    case let linear as any StructureFunctionModel: return TrainedStructureFunctions(model: linear, scope: scope)
    default: return TrainedCrossSection(model: model, scope: scope)
    }
  }
}
