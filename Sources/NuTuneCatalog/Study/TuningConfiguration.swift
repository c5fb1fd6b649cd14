import NuTuneCore

/// What a model of a study learns from and starts with, where it says so beside its parameters.
package struct TuningConfiguration: Sendable {
  /// Near positions whose data it learns from; nil means all of the study.
  package var positions: [String]?
  /// Channels of the near detectors whose data it learns from; nil means all of the study.
  package var channels: [NeutrinoSpecies]?
  /// Seed of what it draws to start learning; nil means that of the study.
  package var seed: Int?
  /// Where the positions stand.
  var positionsLocation: SourceLocation?
  /// Where the channels stand.
  var channelsLocation: SourceLocation?
}

extension TuningConfiguration {
  /// Keys beside the parameters of a model.
  static let schema = ParameterSchema([
    ParameterDeclaration(
      "tune_on", required: false, .texts(choices: []),
      "near positions (or labels of joint experiments) whose data the model learns from; all when unset"),
    ParameterDeclaration(
      "tune_on_channels", required: false, .texts(choices: NeutrinoSpecies.allCases.map(\.rawValue)),
      "channels of the study whose near data the model learns from; all when unset"),
    ParameterDeclaration(
      "network_seed", required: false, .integer(0...Int(Int32.max)),
      "seed of what this model draws to start learning; seed.network when unset"),
  ])

  static let keys = Set(schema.declarations.map(\.name))

  init(from node: ConfigurationNode, path: String) throws {
    guard case .mapping(let entries) = node.content else {
      self.init()
      return
    }
    let own = ConfigurationNode(.mapping(entries.filter { Self.keys.contains($0.key) }), at: node.location)
    let values = try Self.schema.values(from: own, path: path)
    func texts(_ key: String) -> [String]? { own[key] == nil ? nil : values.texts(key) }
    self.init(
      positions: texts("tune_on"),
      channels: texts("tune_on_channels")?.compactMap { NeutrinoSpecies(rawValue: $0) },
      seed: values.optionalInteger("network_seed"), positionsLocation: own["tune_on"]?.location,
      channelsLocation: own["tune_on_channels"]?.location)
  }

  /// Values by dotted path.
  func effective(path: String) -> [String: ParameterValue] {
    var values: [String: ParameterValue] = [:]
    values["\(path).tune_on"] = positions.map { .texts($0) }
    values["\(path).tune_on_channels"] = channels.map { .texts($0.map(\.rawValue)) }
    values["\(path).network_seed"] = seed.map { .integer($0) }
    return values
  }
}

extension StudyConfiguration {
  /// Whether the model of a label learns from a near sample.
  package func learns(_ label: String, from sample: Sample) -> Bool {
    let tuning = tunings[label]
    return tuning?.positions?.contains(sample.position) ?? true
      && tuning?.channels?.contains(sample.reaction.species) ?? true
  }

  /// Seed of what the model of a label draws to start learning.
  package func networkSeed(of label: String) -> Int { tunings[label]?.seed ?? networkSeed }

  private static let stopOn = "training.stop_on"

  /// Near positions that end the training of models, by label.
  var judgingPositions: [String: [String]] {
    let models = models.filter { $0.parameters.schema.declaration(named: Self.stopOn) != nil }
    return Dictionary(
      models.map { ($0.label, $0.parameters.texts(Self.stopOn)) }, uniquingKeysWith: { first, _ in first })
  }

  /// Checks what ends a training: positions that the model may learn from, and not all of them. What the study holds out
  /// decides nothing.
  private func checkStopping(of model: PluginSelection, among known: [String]) throws {
    let key = Self.stopOn
    guard model.parameters.schema.declaration(named: key) != nil else { return }
    let positions = model.parameters.texts(key)
    let heldOut = Set(measurements.filter { $0.role != .learn }.map(\.name))
    let learned = (tunings[model.label]?.positions ?? known).filter { !heldOut.contains($0) }
    func refuse(_ found: String, _ expected: String) -> NuTuneError {
      NuTuneError(
        .badData, at: model.parameters.location(of: key), key: "\(model.path).\(key)", found: found, expected: expected)
    }
    for position in positions {
      if heldOut.contains(position) {
        throw refuse(
          "“\(position)”, which the study holds out", "data that it learns from: no choice is made on others")
      }
      if !learned.contains(position) {
        throw refuse("“\(position)”", "some of \(learned.joined(separator: ", ")), from which the model learns")
      }
    }
    if !positions.isEmpty, learned.allSatisfy(positions.contains) {
      throw refuse("everything that the model learns from", "a part of \(learned.joined(separator: ", "))")
    }
  }

  /// Checks that every model learns from positions that there are.
  func checkTunings() throws {
    var problems = NuTuneErrors()
    let known = nearDetectors.map(\.position)
    if let twice = known.indices.first(where: { known[..<$0].contains(known[$0]) }) {
      throw NuTuneError(
        .badData, at: nearDetectors[twice].labelLocation, key: "joint", found: "“\(known[twice])” twice",
        expected: "labels that differ from each other and from the name of the experiment")
    }
    // Positions of one experiment differ by their names; far samples name the experiment itself.
    if let other = joint.first(where: { $0.label == experiment.label }), !farSamples.isEmpty {
      throw NuTuneError(
        .badData, at: other.near[0].labelLocation, key: "joint", found: "“\(other.label)”, the name of the experiment",
        expected: "labels that differ from each other and from the name of the experiment")
    }
    for model in models {
      guard let tuning = tunings[model.label], let positions = tuning.positions else { continue }
      func refuse(found: String, expected: String, suggestion: String? = nil) {
        problems.add(
          NuTuneError(
            .badData, at: tuning.positionsLocation, key: "\(model.path).tune_on", found: found, expected: expected,
            suggestion: suggestion))
      }
      guard known.count > 1 else {
        refuse(found: "positions", expected: "an experiment with several near positions, or joint experiments")
        continue
      }
      if positions.isEmpty { refuse(found: "nothing", expected: "at least one of \(known.joined(separator: ", "))") }
      for (index, position) in positions.enumerated() {
        if positions[..<index].contains(position) {
          refuse(found: "“\(position)” twice", expected: "every position once")
        } else if measurements.contains(where: { $0.name == position && $0.role != .learn }) {
          refuse(found: "“\(position)”, which is only predicted", expected: "a measurement of data.learn")
        } else if !known.contains(position) {
          refuse(
            found: "“\(position)”", expected: "one of \(known.joined(separator: ", "))",
            suggestion: Suggestion.nearest(to: position, among: known))
        }
      }
    }
    for model in models {
      problems.attempt { try checkChannels(of: model) }
      problems.attempt { try checkStopping(of: model, among: known) }
    }
    try problems.throwIfAny()
  }

  /// Checks that a model learns from channels that there are, each once, and from some near sample.
  private func checkChannels(of model: PluginSelection) throws {
    guard let tuning = tunings[model.label], let channels = tuning.channels else { return }
    func refusal(found: String, expected: String) -> NuTuneError {
      NuTuneError(
        .badData, at: tuning.channelsLocation, key: "\(model.path).tune_on_channels", found: found, expected: expected)
    }
    let samples = samples(at: .near)
    let known = NeutrinoSpecies.allCases.filter { species in samples.contains { $0.reaction.species == species } }
    let names = known.map(\.rawValue).joined(separator: ", ")
    if channels.isEmpty { throw refusal(found: "nothing", expected: "at least one of \(names)") }
    for (index, channel) in channels.enumerated() {
      if channels[..<index].contains(channel) {
        throw refusal(found: "“\(channel.rawValue)” twice", expected: "every channel once")
      }
      if !known.contains(channel) {
        throw refusal(
          found: "“\(channel.rawValue)”, which no near sample of the study has", expected: "one of \(names)")
      }
    }
    guard samples.contains(where: { learns(model.label, from: $0) }) else {
      throw refusal(
        found: "\(channels.map(\.rawValue).joined(separator: ", ")), which is not at a position of tune_on",
        expected: "channels and positions that a near sample has together")
    }
  }
}
