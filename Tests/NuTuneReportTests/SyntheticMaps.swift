import Foundation
import NuTuneResults

extension SyntheticRun {
  /// Maps of structure functions that rise and fall over a few pixels; models are off by their distortion at large x.
  var maps: StructureFunctionMaps {
    let x = (0...12).map { 0.01 * pow(1000, Double($0) / 12) }
    let q2 = (0...10).map { 0.01 * pow(1000, Double($0) / 10) }
    func map(_ value: (Double, Double) -> Double?) -> [Double?] {
      (0..<12).flatMap { i in
        (0..<10).map { j in value((x[i] * x[i + 1]).squareRoot(), (q2[j] * q2[j + 1]).squareRoot()) }
      }
    }
    func functions(_ factor: @escaping (Double) -> Double) -> StructureFunctionMaps.Functions {
      func one(_ power: Double) -> [Double?] {
        map { x, q2 in x > 3 && q2 > 1 ? nil : factor(x) * pow(x, power) / (1 + q2) }
      }
      return .init(w1: one(0.2), w2: one(0), w3: one(-0.3))
    }
    let weight = map { x, q2 in exp(-pow(log(x / 0.7), 2) - pow(log(q2 / 0.8), 2) / 2) }.compactMap { $0 }
    let total = weight.reduce(0, +)
    let importance = weight.map { $0 / total }
    return StructureFunctionMaps(channels: [
      .init(
        channel: "numu", symbol: "ν_μ", x: x, q2: q2, nearImportance: importance, farImportance: importance,
        truth: functions { _ in 1 },
        models: Dictionary(
          uniqueKeysWithValues: models.map { model in
            (model.label, functions { 1 + model.distortion * max(log10($0) + 1, 0) })
          }), scales: Dictionary(uniqueKeysWithValues: models.map { ($0.label, 1) }))
    ])
  }

  /// Writes the maps into a folder that is there.
  func writeMaps(to folder: String) throws {
    try JSONEncoder().encode(maps).write(to: URL(filePath: "\(folder)/structure_functions.json"))
  }
}
