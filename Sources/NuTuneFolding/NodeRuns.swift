/// A sparse map from node values (a, b, c) to bins, as runs of neighbouring nodes.
public struct NodeRuns: Sendable {
  /// First run of each bin, shape [bins + 1].
  public var binOffsets: [Int32] = [0]
  /// First node of each run.
  public var start: [Int32] = []
  /// Number of nodes of each run.
  public var length: [Int32] = []
  /// Coefficients of a, b and c, run after run, each of shape [Σ length].
  public var a: [Double] = []
  /// Coefficients of b.
  public var b: [Double] = []
  /// Coefficients of c.
  public var c: [Double] = []

  /// Number of bins.
  public var binCount: Int { binOffsets.count - 1 }
}

extension NodeRuns {
  /// Creates one bin from the sums in a scratch.
  init(bin scratch: inout NodeScratch) {
    scratch.drain { start, triples in
      self.start.append(Int32(start))
      length.append(Int32(triples.count))
      for triple in triples {
        a.append(triple.x)
        b.append(triple.y)
        c.append(triple.z)
      }
    }
    binOffsets.append(Int32(start.count))
  }

  /// Joins the bins of several maps, one after the other.
  init(joining maps: [NodeRuns]) {
    for map in maps {
      let first = Int32(start.count)
      start += map.start
      length += map.length
      a += map.a
      b += map.b
      c += map.c
      binOffsets += map.binOffsets.dropFirst().map { first + $0 }
    }
  }

  /// Adds all bins to a scratch.
  func add(to scratch: inout NodeScratch, factor: Double) {
    a.withUnsafeBufferPointer { a in
      b.withUnsafeBufferPointer { b in
        c.withUnsafeBufferPointer { c in
          var offset = 0
          for run in start.indices {
            let count = Int(length[run])
            let first = offset
            scratch.add(start: Int(start[run]), count: count) {
              SIMD4(a[first + $0], b[first + $0], c[first + $0], 0) * factor
            }
            offset += count
          }
        }
      }
    }
  }
}
