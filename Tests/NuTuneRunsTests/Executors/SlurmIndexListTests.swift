import NuTuneRuns
import Testing

@Suite("Numbers of tasks are written as Slurm writes them")
struct SlurmIndexListTests {
  @Test(arguments: [
    ([], ""), ([0], "0"), ([0, 1], "0-1"), ([7, 0, 2, 1, 3, 12, 9, 11, 10], "0-3,7,9-12"), ([5, 5, 6], "5-6"),
    (Array(0..<30), "0-29"), ([1, 3, 5], "1,3,5"),
  ])
  func lists(_ indices: [Int], _ text: String) {
    #expect(SlurmIndexList.text(of: indices) == text)
  }

  @Test("long lists are cut into pieces that Slurm takes, nothing lost and nothing twice")
  func pieces() {
    let indices = Array(stride(from: 1, through: 20_001, by: 2)) + Array(30_000..<50_000)
    let pieces = SlurmIndexList.pieces(of: indices.reversed())
    #expect(pieces.flatMap { $0 } == indices)
    let lengths = pieces.map { SlurmIndexList.text(of: $0).count }
    #expect(lengths.allSatisfy { $0 <= SlurmIndexList.longest })
    #expect(lengths.dropLast().allSatisfy { $0 > SlurmIndexList.longest - 12 })
    #expect(SlurmIndexList.pieces(of: [1, 3, 5], longest: 3) == [[1, 3], [5]])
    #expect(SlurmIndexList.pieces(of: []) == [])
  }
}
