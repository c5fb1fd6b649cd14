import NuTuneCore
import NuTuneTesting

/// A model that learns the normalisation of constant structure functions and breaks one promise of tuning.
struct BrokenLearner: TunableModel {
  enum Fault: String, FaultNames {
    case none, cannotLearn, loss, verdict, history, seed, threads, twoTensors, card, restored, learnsNothing
  }

  static let descriptor = PluginDescriptor(
    kind: .crossSection, name: "broken-learner", summary: "Breaks a promise.", parameters: [Fault.declaration],
    citations: [])

  let fault: Fault

  init(_ configuration: PluginConfiguration) { fault = Fault(configuration) }
  func check(_ reactions: [Reaction]) {}
  func crossSection(of reaction: Reaction, at points: KinematicPoints) throws -> [Double] { throw refusal("untuned") }

  func tuned(on problem: TuningProblem) throws -> TuningResult {
    if fault == .cannotLearn { throw refusal("data") }
    var learned: Float = fault == .learnsNothing ? 0 : 2
    if fault == .seed { learned += Float(Calls.next()) * 1e-3 }
    if fault == .threads { learned += Float(problem.threads) * 1e-3 }
    let tensor = ModelState.Tensor(name: "value", shape: [1], elements: [learned])
    let state = ModelState(
      tensors: fault == .twoTensors ? [tensor, tensor] : [tensor],
      card: fault == .card ? ["scale": .number(.nan)] : [:])
    let record = TuningRecord(
      converged: true, verdict: fault == .verdict ? "" : "It is known.", steps: 2, loss: fault == .loss ? .nan : 0.1,
      history: [.init(step: 1, loss: 0.2), .init(step: fault == .history ? 1 : 2, loss: 0.1)])
    return TuningResult(model: ConstantStructureFunctions(Double(learned)), state: state, record: record)
  }

  func restored(from state: ModelState) throws -> any CrossSectionModel {
    ConstantStructureFunctions(Double(state.tensors[0].elements[0]) * (fault == .restored ? 1.01 : 1))
  }
}
