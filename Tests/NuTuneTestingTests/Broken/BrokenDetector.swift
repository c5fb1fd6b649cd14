import NuTuneCore
import NuTuneTesting

/// A detector of a constant efficiency that breaks one promise.
struct BrokenDetector: EnergyScalableDetector {
  enum Fault: String, FaultNames {
    case none, refusesAll, tooMuch, tooMuchOfSmooth, negativeRate, notANumber, rowCount, otherBin, identity, nothing,
      dependsOnCall, scaledBins, scaledByOne, badEnd, idle
  }

  static let descriptor = PluginDescriptor(
    kind: .detector, name: "broken-detector", summary: "Breaks a promise.",
    parameters: [
      Fault.declaration, ParameterDeclaration("efficiency", default: .number(0.8), .number(0.1...1), "of all bins"),
    ], citations: [])

  let fault: Fault
  let efficiency: Double
  var scale = 1.0

  init(_ configuration: PluginConfiguration) {
    fault = Fault(configuration)
    efficiency = fault == .idle ? 0.8 : configuration.parameters.number("efficiency")
  }

  func scaled(energyBy factor: Double) -> any Detector {
    var copy = self
    copy.scale = factor
    return copy
  }

  func trueBinning(for measured: Binning) throws -> Binning {
    if fault == .refusesAll { throw refusal("bins") }
    let isOther = fault == .identity || (fault == .scaledBins && scale > 1.05)
    guard isOther else { return measured }
    let grid = measured.grids[0]
    let edges = grid.first.edges + [grid.first.edges[grid.first.count] + 1]
    return try Binning(Axis(grid.first.observable, edges: edges), grid.second)
  }

  func response(for measured: Binning) throws -> DetectorResponse {
    if fault == .identity { return .identity }
    let call = Calls.next()
    var share = efficiency
    if fault == .tooMuch { share = 1.2 }
    if fault == .nothing { share = 0 }
    if fault == .dependsOnCall { share -= 1e-9 * Double(call % 1000) }
    if fault == .badEnd, efficiency == 1 { share = .infinity }
    if fault == .notANumber { share = .nan }
    var rows = (0..<measured.count).map { [(trueBin: $0, probability: share)] }
    switch fault {
    case .tooMuchOfSmooth:
      // Negative entries, so that sums of columns are not looked at; smooth distributions gain a quarter.
      for bin in rows.indices { rows[bin] = [(bin, 1.3), ((bin + 1) % measured.count, -0.002)] }
    case .negativeRate: rows[0] = [(0, -0.5)]
    case .rowCount: rows.removeLast()
    case .otherBin: rows[0] = [(trueBin: measured.count, probability: 0.1)]
    case .scaledByOne: if scale == 1 { rows[0] = [(trueBin: 0, probability: share * Double(call % 1000) * 1e-3)] }
    default: break
    }
    return .rows(rows)
  }
}
