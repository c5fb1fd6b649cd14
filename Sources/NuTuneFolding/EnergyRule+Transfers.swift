import NuTuneCore

extension EnergyRule {
  /// Calls `body` with every neutrino energy of a cell within a range, and its weight.
  ///
  /// - Parameters:
  ///   - point: a point that does not depend on the neutrino energy.
  @inline(__always)
  func forEachEnergy(
    cell: Int, of point: TransferPoint, _ body: (_ energy: Double, _ weight: Double) throws -> Void
  ) rethrows {
    switch domain {
    case .single(let energy):
      if point.energies.contains(energy) { try body(energy, 1) }
    case .cells(let cells):
      let low = max(cells.edges[cell], point.energies.lowerBound)
      let high = min(cells.edges[cell + 1], point.energies.upperBound)
      guard low < high else { return }
      let width = high - low
      let count = count(from: low, to: high, of: point)
      let (nodes, weights) = rules[count]
      for i in nodes.indices { try body(low + width * nodes[i], width * weights[i]) }
    }
  }

  /// At fixed ω and Q² the cross section is smooth in E_ν; at a fixed lepton energy it has its peaks.
  private func count(from low: Double, to high: Double, of point: TransferPoint) -> Int {
    guard !isFixed else { return min(least, Self.most) }
    let width = high - low
    let plain = width <= Self.narrow ? smooth.narrow : smooth.wide
    let fine = min((width / spacing).rounded(.up) + (isSafe ? 1 : 0), Double(Self.most))
    guard !point.fixesTransfer, fine > Double(plain) else { return max(least, plain) }
    let (atLow, atHigh) = (point.transfer(low), point.transfer(high))
    func excess(_ transfer: (omega: Double, q2: Double)) -> Double {
      2 * PhysicalConstants.nucleonMass * transfer.omega - transfer.q2
    }
    let hasPeak =
      min(excess(atLow), excess(atHigh)) < Self.peaks.highest
      && max(excess(atLow), excess(atHigh)) > Self.peaks.lowest && min(atLow.q2, atHigh.q2) < Self.peaks.q2
    return min(max(least, hasPeak ? Int(fine) : plain), Self.most)
  }
}
