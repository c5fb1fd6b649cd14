/// Lists of task numbers in Slurm's notation: `0-3,7,9-12`.
package enum SlurmIndexList {
  /// Longest list; Slurm rejects more than 4096 characters.
  package static let longest = 4000

  /// Returns the list of some numbers, sorted, each once.
  package static func text(of indices: some Sequence<Int>) -> String {
    ranges(of: indices).map(text).joined(separator: ",")
  }

  /// Divides the numbers into as few groups as possible whose lists Slurm accepts.
  package static func pieces(of indices: some Sequence<Int>, longest: Int = longest) -> [[Int]] {
    var pieces: [[Int]] = []
    var length = 0
    for range in ranges(of: indices) {
      let added = text(of: range).count + 1
      if pieces.isEmpty || length + added > longest + 1 {
        pieces.append([])
        length = 0
      }
      pieces[pieces.count - 1] += range
      length += added
    }
    return pieces
  }

  private static func text(of range: ClosedRange<Int>) -> String {
    range.count == 1 ? "\(range.lowerBound)" : "\(range.lowerBound)-\(range.upperBound)"
  }

  private static func ranges(of indices: some Sequence<Int>) -> [ClosedRange<Int>] {
    var ranges: [ClosedRange<Int>] = []
    for index in Set(indices).sorted() {
      precondition(index >= 0, "tasks of a job array are counted from 0")
      if let last = ranges.last, last.upperBound + 1 == index {
        ranges[ranges.count - 1] = last.lowerBound...index
      } else {
        ranges.append(index...index)
      }
    }
    return ranges
  }
}
