import Foundation
import NuTuneCore
import NuTuneFiles

/// A model that was trained before, by a run or a catalog entry: everything that is needed to evaluate it.
package struct TrainedModel: Sendable {
  /// The name it was asked for by, `runs/x#neural` or `dune-ar40-v1`.
  package var reference: String
  /// Path of its weights, for errors.
  package var weightsPath: String
  /// Its weights, and what belongs to them; without tensors for an ensemble.
  package var state: ModelState
  /// The members of an ensemble, whose mean the model is; empty for any other.
  package var members: [TrainedMember] = []
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
    var model = TrainedModel(
      reference: reference, weightsPath: files.weights, state: ModelState(tensors: own, card: card.state),
      others: others, origin: card.origin,
      sha256: Digest.sha256((digest + (Digest.sha256(ofFile: files.card) ?? "")).utf8))
    model.take(card.members ?? [])
    return (model, card)
  }

  /// The trained model that a component of this one is; nil when it is none.
  func component(_ name: String, _ card: ModelCardComponent) -> TrainedModel? {
    guard let trained = card.trained else { return nil }
    let (own, others) = Self.split(Self.below(name, others))
    var component = TrainedModel(
      reference: trained, weightsPath: weightsPath, state: ModelState(tensors: own, card: card.state ?? [:]),
      others: others, origin: card.origin, sha256: sha256)
    component.take(card.members ?? [])
    return component
  }

  /// Moves the tensors of the members of an ensemble to them.
  private mutating func take(_ cards: [ModelCardMember]) {
    guard !cards.isEmpty else { return }
    members = cards.map { card in
      let (own, others) = Self.split(Self.below(card.name, others))
      return TrainedMember(card: card, state: ModelState(tensors: own, card: card.state), others: others)
    }
    let names = cards.map { $0.name + Self.separator }
    others.removeAll { tensor in names.contains { tensor.name.hasPrefix($0) } }
  }

  /// The tensors whose names stand behind a name, without it.
  private static func below(_ name: String, _ tensors: [ModelState.Tensor]) -> [ModelState.Tensor] {
    let prefix = name + separator
    return tensors.filter { $0.name.hasPrefix(prefix) }.map { tensor in
      var tensor = tensor
      tensor.name = String(tensor.name.dropFirst(prefix.count))
      return tensor
    }
  }

  /// Tensors with a name in front of theirs.
  private static func behind(_ name: String, _ tensors: [ModelState.Tensor]) -> [ModelState.Tensor] {
    tensors.map { tensor in
      var tensor = tensor
      tensor.name = name + separator + tensor.name
      return tensor
    }
  }

  /// All tensors, as they stand in a file of weights.
  private var tensors: [ModelState.Tensor] {
    members.flatMap { Self.behind($0.card.name, $0.state.tensors + $0.others) } + state.tensors + others
  }

  /// A member as a model of its own, from which the trained models that it is made of take their weights.
  func standingAlone(_ member: TrainedMember) -> TrainedModel {
    TrainedModel(
      reference: member.card.name, weightsPath: weightsPath, state: member.state, others: member.others, sha256: sha256)
  }

  /// The tensors of an ensemble: those of its members behind their names, and once those of the trained models that the
  /// first member is made of; a member of its own architecture has its own ones.
  ///
  /// - Parameter members: model of each member and what the card says of it, at least one.
  package static func tensors(ofMembers members: [(card: ModelCardMember, model: TrainedModel)]) -> [ModelState.Tensor]
  {
    members.flatMap { member in
      let model = member.model
      return behind(member.card.name, model.state.tensors + (member.card.architecture == nil ? [] : model.others))
    } + (members.first?.model.others ?? [])
  }

  /// Tensors of a model itself, and those of models that it is made of.
  private static func split(_ tensors: [ModelState.Tensor]) -> (own: [ModelState.Tensor], others: [ModelState.Tensor]) {
    (tensors.filter { !$0.name.contains(separator) }, tensors.filter { $0.name.contains(separator) })
  }

  /// What stands between the name of a component and those of its tensors.
  private static let separator = "//"

  /// The tensors of a tuned model with those of the trained models that it is made of.
  package static func tensors(_ own: [ModelState.Tensor], of selection: PluginSelection) -> [ModelState.Tensor] {
    own + selection.components.flatMap { behind($0.label, $0.trained?.tensors ?? []) }
  }

  /// Number of its weights.
  package var parameterCount: Int {
    ([state] + members.map(\.state)).flatMap(\.tensors).reduce(0) { $0 + $1.elements.count }
  }

  /// The trained model from the same model before training, as one that is not trained again.
  ///
  /// - Parameters:
  ///   - untuned: the model before training.
  ///   - registry: where the plugins of members of other architectures are.
  /// - Throws: `NuTuneError` when the weights do not fit, or the program evaluates them in another way.
  func restored(_ untuned: any Plugin, _ registry: Registry) throws -> any CrossSectionModel {
    let tunable = try trainable(untuned)
    let model =
      try members.isEmpty ? restored(tunable, from: state, origin?.probes ?? []) : ensemble(of: tunable, registry)
    let scope = TrainedScope(reference: reference, targets: origin.map { Set($0.targets) })
    switch model {
    case let gaussian as any GaussianModel: return TrainedGaussianModel(model: gaussian, scope: scope)
    case let linear as any StructureFunctionModel: return TrainedStructureFunctions(model: linear, scope: scope)
    default: return TrainedCrossSection(model: model, scope: scope)
    }
  }

  /// A plugin as one that learns.
  private func trainable(_ untuned: any Plugin) throws -> any TunableModel {
    guard let tunable = untuned as? any TunableModel else {
      throw NuTuneError(
        .badData, at: SourceLocation(file: weightsPath),
        found: "weights of “\(type(of: untuned).descriptor.name)”, which is not trained", expected: "a model that is")
    }
    return tunable
  }

  /// A model restored from a state, which has the values that it had when it was trained.
  private func restored(
    _ tunable: any TunableModel, from state: ModelState, _ probes: [ModelProbe]
  ) throws -> any CrossSectionModel {
    do {
      let model = try tunable.restored(from: state)
      for probe in probes { try probe.check(model, path: weightsPath) }
      return model
    } catch let error as NuTuneError {
      throw error.located(at: SourceLocation(file: weightsPath))
    }
  }

  /// The members as one model.
  private func ensemble(of tunable: any TunableModel, _ registry: Registry) throws -> TrainedEnsemble {
    let parts = try members.map { member in
      let own = try member.selection.map { try trainable($0.make(registry)) } ?? tunable
      let model = try restored(own, from: member.state, member.card.probes)
      guard let functions = model as? any StructureFunctionModel else {
        throw NuTuneError(
          .badData, at: SourceLocation(file: weightsPath), key: member.card.name,
          found: "a member without structure functions", expected: "members whose mean has structure functions")
      }
      let scales = member.card.scales.compactMap { name, factor in Helicity(rawValue: name).map { ($0, factor) } }
      return TrainedEnsemble.Member(model: functions, scales: Dictionary(uniqueKeysWithValues: scales))
    }
    guard parts.count >= TrainedEnsemble.fewest else {
      throw NuTuneError(
        .badData, at: SourceLocation(file: weightsPath), key: "members", found: "\(parts.count) members",
        expected: "at least \(TrainedEnsemble.fewest)")
    }
    return TrainedEnsemble(parts)
  }
}
