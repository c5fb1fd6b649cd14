import NuTuneCore
import NuTuneFiles

/// A grid of bins as the options of an import say it.
struct EventBinning: Sendable {
  /// The two observables in the order of the catalog.
  let pair: ObservablePair
  /// The bins.
  let grid: BinGrid

  /// - Parameters:
  ///   - names: two observables, separated by a comma, in any order.
  ///   - edges: edges of each, in the same order.
  init(_ names: String, edges: [String]) throws {
    let all = Observable.ofLepton.map(\.rawValue)
    let observables = try names.split(separator: ",").map { part in
      let name = part.filter { !$0.isWhitespace }
      guard let observable = Observable(rawValue: name) else {
        throw refusal(
          name, "two of \(all.joined(separator: ", "))", suggestion: Suggestion.nearest(to: name, among: all))
      }
      return observable
    }
    guard observables.count == 2 else { throw refusal(names, "two of \(all.joined(separator: ", "))") }
    guard edges.count == 2 else {
      throw NuTuneError(
        .usage, key: "--binning", found: "\(edges.count) lists of edges", expected: "two, in the order of --observables"
      )
    }
    var axes = try zip(observables, edges).map { try Axis($0, edges: Self.edges($1)) }
    if (try? ObservablePair(observables[1], observables[0])) != nil { axes.reverse() }
    pair = try ObservablePair(axes[0].observable, axes[1].observable)
    grid = BinGrid(axes[0], axes[1])
    guard grid.count <= 4000 else {
      throw NuTuneError(.usage, key: "--binning", found: "\(grid.count) bins", expected: "at most 4000")
    }
  }

  /// Reads edges, numbers and LOW:HIGH:STEP between commas.
  private static func edges(_ text: String) throws -> [Double] {
    var edges: [Double] = []
    for part in text.split(separator: ",", omittingEmptySubsequences: false) {
      let numbers = part.split(separator: ":", omittingEmptySubsequences: false).map {
        Double($0.filter { !$0.isWhitespace }) ?? .nan
      }
      let expected = "edges as -1,0,0.5:1:0.1, numbers or LOW:HIGH:STEP with a whole number of steps"
      guard [1, 3].contains(numbers.count), numbers.allSatisfy(\.isFinite) else { throw refusal(text, expected) }
      if numbers.count == 1 {
        edges.append(numbers[0])
        continue
      }
      let count = ((numbers[1] - numbers[0]) / numbers[2]).rounded()
      guard numbers[2] > 0, (1...10_000).contains(count),
        abs(numbers[0] + count * numbers[2] - numbers[1]) <= 1e-6 * numbers[2]
      else { throw refusal(text, expected) }
      let steps = (0...Int(count)).map { EnergyEdges.rounded(numbers[0] + Double($0) * numbers[2]) }
      edges += edges.last == steps[0] ? steps.dropFirst() : steps[...]
    }
    return edges
  }

  /// The bin of a lepton; nil outside all. Lower edges belong to a bin, upper ones to the next.
  func bin(neutrinoEnergy: Double, leptonEnergy: Double, cosTheta: Double, species: NeutrinoSpecies) -> Int? {
    let (u, v) = pair.values(
      neutrinoEnergy: neutrinoEnergy, leptonEnergy: leptonEnergy, cosTheta: cosTheta, species: species)
    guard let i = Self.place(u, in: grid.first.edges), let j = Self.place(v, in: grid.second.edges) else { return nil }
    return i * grid.second.count + j
  }

  static func place(_ value: Double, in edges: [Double]) -> Int? {
    guard value >= edges[0], value <= edges[edges.count - 1] else { return nil }
    var (low, high) = (0, edges.count - 1)
    while high - low > 1 {
      let middle = (low + high) / 2
      if value < edges[middle] { high = middle } else { low = middle }
    }
    return low
  }
}
