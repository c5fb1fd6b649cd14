import NuTuneCore
import Sound

/// Learns a factor, and does not put it into its state.
struct ForgetsState: TunableModel, SoundModel {
  static let descriptor = described("forgets-state")
  var factor = 1.0

  init(_ configuration: PluginConfiguration) {}

  func crossSection(of reaction: Reaction, at points: KinematicPoints) throws -> [Double] {
    sound(reaction, points).map { $0 * factor }
  }

  func tuned(on problem: TuningProblem) throws -> TuningResult {
    var model = self
    model.factor = 2
    return TuningResult(
      model: model, state: ModelState(tensors: [], card: [:]),
      record: TuningRecord(converged: true, verdict: "nothing to learn", steps: 0, loss: 0, history: []))
  }

  func restored(from state: ModelState) throws -> any CrossSectionModel { self }
}

/// What this library has.
@c(nutune_plugin_register)
public func registerPlugins(_ host: UnsafeMutableRawPointer) {
  PluginRegistrar.at(host).add(ForgetsState.self)
}
