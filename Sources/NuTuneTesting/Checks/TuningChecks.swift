import Foundation
import NuTuneCore

extension Checklist {
  /// Checks that a model is tuned reproducibly and restored from its saved state.
  mutating func checkTuning(_ model: any TunableModel, _ reaction: Reaction) {
    let first = check("can be tuned") { try model.tuned(on: try TinyStudy(reaction: reaction).problem()) }
    guard let first else { return }
    check("the record of its tuning makes sense") {
      let record = first.record
      guard record.loss.isFinite, record.steps >= 0, record.history.allSatisfy({ $0.loss.isFinite }) else {
        throw broken(
          found: "\(record.steps) steps, a loss of \(record.loss)", expected: "0 or more steps, a finite loss")
      }
      guard !record.verdict.isEmpty else {
        throw broken("verdict", found: "nothing", expected: "the criterion and how it came out, in a sentence")
      }
      let steps = record.history.map(\.step)
      guard zip(steps, steps.dropFirst()).allSatisfy({ $0 < $1 }), (steps.last ?? 0) <= record.steps else {
        throw broken("history", found: "steps \(steps.prefix(5))…", expected: "increasing steps, up to \(record.steps)")
      }
    }
    check("one thread and two learn the same, and so does the same seed again") {
      let second = try model.tuned(on: try TinyStudy(reaction: reaction, threads: 2).problem())
      guard second.state != first.state || second.record != first.record else { return }
      let again = try model.tuned(on: try TinyStudy(reaction: reaction).problem())
      throw again.state == first.state && again.record == first.record
        ? broken(found: "another state with 2 threads than with 1", expected: "the same numbers, bit for bit")
        : broken(found: "another state for the same seed", expected: "the same numbers, bit for bit")
    }
    check("comes back from its state") {
      let saved = try Self.saved(first.state)
      let restored = try model.restored(from: saved)
      let points = SamplePoints(in: first.model.energyRange).all
      let values = try first.model.crossSection(of: reaction, at: points)
      let others = try restored.crossSection(of: reaction, at: points)
      let scale = values.reduce(0) { max($0, abs($1)) }
      guard values.count == others.count else {
        throw broken(found: "\(others.count) values of the restored model", expected: "\(values.count)")
      }
      for index in values.indices where !(abs(values[index] - others[index]) <= 1e-5 * scale) {
        throw broken(
          found: "\(others[index]) restored and \(values[index]) tuned at \(points.description(of: index))",
          expected: "the same, to single precision: everything a model learned is in its state")
      }
    }
    checkValues(of: first.model, reactions: [reaction], SamplePoints(in: first.model.energyRange))
    check("runs in a study") { _ = try TinyStudy(reaction: reaction).run(first.model) }
  }

  /// Returns a state after saving and loading: the card as JSON, which does not tell 3 from 3.0.
  private static func saved(_ state: ModelState) throws -> ModelState {
    let names = state.tensors.map(\.name)
    guard Set(names).count == names.count else {
      throw broken(
        "state", found: "tensors of one name (\(names.joined(separator: ", ")))", expected: "every name once")
    }
    do {
      let card = try JSONDecoder().decode([String: ParameterValue].self, from: JSONEncoder().encode(state.card))
      return ModelState(tensors: state.tensors, card: card)
    } catch {
      throw broken("state", found: "a card that cannot be kept as JSON (\(error))", expected: "finite numbers")
    }
  }
}
