import Foundation
import NuTuneCatalog
import NuTuneCore
import NuTuneFiles

extension EnsembleMerge {
  /// Writes the mean of the members as a trained model, `models/LABEL`, whose card and weights hold all of them; removes
  /// one that an earlier merge left where fewer than two members have one now.
  ///
  /// - Parameters:
  ///   - label: label of the model.
  ///   - members: the members that are there.
  func writeModel(_ label: String, of members: [(task: EnsembleTask, member: EnsembleMember)]) throws {
    let files = RunFolder.modelFiles(label)
    var models: [(card: ModelCardMember, model: TrainedModel)] = []
    var cards: [ModelCard] = []
    var architecture: String?
    for (task, member) in members where member.weightsDigest != nil && member.model?.converged == true {
      let own = RunFolder.modelFiles(task.modelLabel)
      let (model, card) = try TrainedModel.read(
        TrainedModelFiles(
          card: ensemble.folder.file(own.card), weights: ensemble.folder.file(own.weights),
          weightsDigest: member.weightsDigest), reference: task.name)
      architecture = architecture ?? member.label
      let description = ModelCardMember(task.name, card, hasOwnArchitecture: member.label != architecture)
      models.append((description, model))
      cards.append(card)
    }
    guard models.count >= 2, var card = cards.first else {
      for path in [files.card, files.weights].map(ensemble.folder.file) where FilePath.exists(path) {
        try FileManager.default.removeItem(atPath: path)
      }
      return
    }
    let weights = try SafeTensors.encode(TrainedModel.tensors(ofMembers: models))
    (card.label, card.weightsDigest) = (label, Digest.sha256(weights))
    card.members = models.map(\.card)
    card.record.converged = cards.allSatisfy(\.record.converged)
    card.record.verdict = "\(cards.count { $0.record.converged }) of \(cards.count) members: converged"
    card.origin = card.origin.map { origin(of: $0, models.map(\.card)) }
    try AtomicFile.write(weights, to: ensemble.folder.file(files.weights))
    try ensemble.folder.write(card, to: files.card)
  }

  /// What the mean learned from: as its first member, with the near rate that the factors of the members give it.
  private func origin(of first: ModelOrigin, _ members: [ModelCardMember]) -> ModelOrigin {
    var origin = first
    origin.study = ensemble.plan.study.name
    origin.seeds = ensemble.plan.seeds
    origin.probes = []
    if !origin.scale.isAbsolute {
      origin.scale.factors = origin.scale.factors.mapValues { .init(value: 1, statisticalError: $0.statisticalError) }
    }
    origin.formulas.append(
      "W₁…W₅ are the mean over the \(members.count) members of their scales times their W₁…W₅; the covariance is that of "
        + "the members")
    if members.contains(where: { $0.architecture != nil }) {
      origin.formulas.append("members with an architecture of their own have W₁…W₅ as the plugin of that says")
    }
    return origin
  }
}
