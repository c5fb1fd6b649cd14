import NuTuneCore
import NuTuneNumerics

extension FittedTheory {
  /// Saves parameters, exactly, and the root of their covariance, as the sum of two single-precision numbers.
  func state() -> ModelState {
    guard let fit else { return ModelState(tensors: [], card: [:]) }
    let count = fit.values.count
    let high = fit.factor.elements.map { Float($0) }
    let low = zip(fit.factor.elements, high).map { Float($0 - Double($1)) }
    return ModelState(
      tensors: [
        ModelState.Tensor(name: "factor", shape: [count, count], elements: high),
        ModelState.Tensor(name: "factor.remainder", shape: [count, count], elements: low),
      ],
      card: ["names": .texts(theory.parameters.map(\.name)), "values": .numbers(fit.values)])
  }

  /// Restores the tuned model from a saved state.
  package func restored(from state: ModelState) throws -> any CrossSectionModel {
    let count = theory.parameters.count
    func elements(_ name: String) -> [Float]? {
      state.tensors.first { $0.name == name && $0.elements.count == count * count }?.elements
    }
    guard case .texts(let names)? = state.card["names"], names == theory.parameters.map(\.name),
      case .numbers(let values)? = state.card["values"], values.count == count,
      zip(theory.parameters, values).allSatisfy({ $0.range.contains($1) }), let high = elements("factor"),
      let low = elements("factor.remainder")
    else {
      throw NuTuneError(
        .badData, key: "fitted-theory", found: "the state of another fit",
        expected: "that of a fit of \(theory.parameters.map(\.name).joined(separator: ", "))")
    }
    return try FittedTheory(
      self, values: values,
      factor: try Matrix(rows: count, columns: count, elements: zip(high, low).map { Double($0) + Double($1) }))
  }
}
