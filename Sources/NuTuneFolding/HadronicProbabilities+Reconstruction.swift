import NuTuneCore

extension HadronicProbabilities {
  /// The lepton bins that are folded where E_rec = E_l + E_had is measured: narrow parts of the measured ones, each with the
  /// group of probabilities of its E_l.
  public struct Reconstruction: Sendable, Equatable {
    /// Range of E_l in GeV of each group.
    public let energies: [ClosedRange<Double>]
    /// Group of each folded lepton bin.
    public let groups: [Int]
    /// Measured lepton bin of each folded one.
    public let whole: [Int]
    /// Number of measured lepton bins.
    public let wholeCount: Int

    /// Groups the folded lepton bins of a binning by their lepton energies.
    public init(_ binning: Binning, species: NeutrinoSpecies) {
      let folded = binning.folded
      var (energies, groups): ([ClosedRange<Double>], [Int]) = ([], [])
      var known: [ClosedRange<Double>: Int] = [:]
      for range in folded.lepton.leptonEnergies(of: species) {
        let group = known[range] ?? energies.count
        if group == energies.count { energies.append(range) }
        known[range] = group
        groups.append(group)
      }
      (self.energies, self.groups, whole, wholeCount) = (energies, groups, folded.whole, binning.leptonCount)
    }

    /// Distance in GeV of the lepton energies over which probabilities are averaged, and how many they are at most.
    private static let (distance, mostPoints) = (0.0125, 8)

    /// Probabilities of bins of E_l + E_had, averaged over a range of E_l, at the energy transfers of `response`.
    ///
    /// - Parameter response: probabilities in bins of E_had, shape [bins][energy transfers].
    static func probabilities(
      _ axis: Axis, over energies: ClosedRange<Double>, at transfers: [Double],
      response: (Axis) throws -> [[Double]]
    ) throws -> [[Double]] {
      let width = energies.upperBound - energies.lowerBound
      // Beyond the last edge all points are alike.
      let isSure = energies.lowerBound >= axis.edges[axis.count - 1]
      let count = isSure ? 1 : min(max(Int((width / distance).rounded(.up)), 1), mostPoints)
      var rows = [[Double]](repeating: [Double](repeating: 0, count: transfers.count), count: axis.count)
      for point in 0..<count {
        let energy = energies.lowerBound + width * (Double(point) + 0.5) / Double(count)
        let inner = axis.edges.dropFirst().dropLast().map { $0 - energy }.filter { $0 > 0 }
        let hadronic = try Axis(.hadronicEnergy, edges: [0] + inner + [(inner.last ?? 0) + 1])
        let first = axis.count - hadronic.count
        for (bin, row) in try response(hadronic).enumerated() {
          for index in row.indices { rows[first + bin][index] += row[index] / Double(count) }
        }
      }
      return rows
    }
  }

  /// Rates of true bins as they are needed: each with one group of probabilities, and how measured bins are made of them.
  struct Columns {
    /// Groups with which each true bin is folded, shape [true bins][]; columns follow in this order.
    let groups: [[Int]]
    /// From columns to measured bins of the lepton.
    let response: DetectorResponse
    /// First column of each true bin, and their number at the end, shape [true bins + 1].
    let first: [Int]
  }

  /// The columns for a detector response from true to folded lepton bins.
  func columns(trueBins: Int, response: DetectorResponse) -> Columns {
    guard let reconstruction else {
      return Columns(
        groups: [[Int]](repeating: [0], count: trueBins), response: response, first: Array(0...trueBins))
    }
    let rows: [[(trueBin: Int, probability: Double)]] =
      switch response {
      case .identity: (0..<trueBins).map { [($0, 1)] }
      case .rows(let rows): rows
      }
    precondition(rows.count == reconstruction.groups.count)
    var reached = [Set<Int>](repeating: [], count: trueBins)
    for (bin, row) in rows.enumerated() {
      for entry in row { reached[entry.trueBin].insert(reconstruction.groups[bin]) }
    }
    let groups = reached.map { $0.sorted() }
    var first = [0]
    for list in groups { first.append((first.last ?? 0) + list.count) }
    var measured = [[(trueBin: Int, probability: Double)]](repeating: [], count: reconstruction.wholeCount)
    for (bin, row) in rows.enumerated() {
      for entry in row {
        guard let place = groups[entry.trueBin].firstIndex(of: reconstruction.groups[bin]) else { continue }
        measured[reconstruction.whole[bin]].append((first[entry.trueBin] + place, entry.probability))
      }
    }
    return Columns(groups: groups, response: .rows(measured), first: first)
  }
}
