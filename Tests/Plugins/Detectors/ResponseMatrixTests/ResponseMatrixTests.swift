import NuTuneCore
import ResponseMatrix
import Testing

@Suite("response matrix")
struct ResponseMatrixTests {
  private static let header = "measured,true,probability\n"

  @Test("what is read, in whatever order, with comments, spaces, a byte order mark and Windows line ends")
  func reading() throws {
    let binning = try TemporaryMatrix.binning()
    let texts = [
      Self.header + "0,0,0.5\n0,1,0.25\n3,1,0.5\n3,3,1\n",
      "\u{FEFF}# made by hand\r\nmeasured, true, probability\r\n3,3,1\r\n\r\n 3 , 1,0.5\r\n0,1,2.5e-1\r\n0,0,0.5\r\n",
    ]
    for text in texts {
      let detector = try TemporaryMatrix(text).detector()
      #expect(try detector.trueBinning(for: binning) == binning)
      #expect(try detector.response(for: binning).apply([8, 4, 2, 1]) == [5, 0, 0, 3])
    }
  }

  @Test("true bins of their own")
  func trueBins() throws {
    let binning = try TemporaryMatrix.binning()
    let matrix = try TemporaryMatrix(Self.header + "0,0,0.5\n1,5,0.25\n")
    #expect(
      matrix.failure().sentence
        == "response.csv:3:3: true: found bin 5; expected one of the 4 true bins, 0 to 3")
    let detector = try matrix.detector(["true_first_edges": .numbers([0, 0.5, 1, 3])])
    let found = try detector.trueBinning(for: binning).grids[0]
    #expect(found.first.edges == [0, 0.5, 1, 3] && found.second == binning.grids[0].second)
    #expect(try detector.response(for: binning).apply([2, 0, 0, 0, 0, 8]) == [1, 2, 0, 0])
    let other = try matrix.detector(["true_second_edges": .numbers([-1, 0, 0.5, 1])])
    #expect(try other.trueBinning(for: binning).grids[0].second.edges == [-1, 0, 0.5, 1])
    #expect(
      matrix.failure(["true_second_edges": .numbers([-1, 0, 2])]).sentence
        == "true_second_edges: found edges from -1.0 to 2.0; expected edges from -1.0 to 1.0")
    #expect(
      matrix.failure(["true_first_edges": .numbers([0, 1, 1])]).sentence
        == "true_first_edges: found edge 3 (1.0) not above edge 2 (1.0); expected strictly increasing bin edges")
  }

  @Test("bins of several grids are counted on from one to the next")
  func raggedBins() throws {
    func block(_ energies: [Double], _ cosines: [Double]) throws -> BinGrid {
      BinGrid(try Axis(.leptonEnergy, edges: energies), try Axis(.cosTheta, edges: cosines))
    }
    let ragged = try Binning([block([0, 1], [-1, 0, 1]), block([1, 2], [-1, 1]), block([2, 3, 4], [-1, 1])])
    let matrix = try TemporaryMatrix(Self.header + "0,0,0.5\n1,2,0.25\n2,1,1\n3,4,0.25\n4,4,0.5\n")
    let detector = try matrix.detector()
    #expect(try detector.trueBinning(for: ragged) == ragged)
    #expect(try detector.response(for: ragged).apply([8, 4, 2, 1, 16]) == [4, 0.5, 4, 4, 8])

    // Along an axis without edges of its own, true bins are those of all measured ones together.
    let other = try matrix.detector(["true_first_edges": .numbers([0, 2, 5, 6])])
    #expect(
      try other.trueBinning(for: ragged)
        == Binning(Axis(.leptonEnergy, edges: [0, 2, 5, 6]), Axis(.cosTheta, edges: [-1, 0, 1])))

    let beyond = try TemporaryMatrix(Self.header + "5,0,1\n").detector()
    let error = try #require(throws: NuTuneError.self) { try beyond.response(for: ragged) }
    #expect(error.found == "bin 5" && error.expected == "one of the 5 measured bins, 0 to 4")
  }

  @Test(
    "a bad row, and where it is bad",
    arguments: [
      ("0,0", "response.csv:2:3: found 2 columns; expected 3, as in the header"),
      ("0,0,1,1", "response.csv:2:5: found 4 columns; expected 3, as in the header"),
      ("-1,0,1", "response.csv:2:1: measured: found “-1”; expected the number of a bin, counted from 0"),
      ("0, 1.5,1", "response.csv:2:4: true: found “1.5”; expected the number of a bin, counted from 0"),
      ("0,0,1\n4,1,1", "response.csv:3:1: measured: found bin 4; expected one of the 4 measured bins, 0 to 3"),
      ("0,4,1", "response.csv:2:3: true: found bin 4; expected one of the 4 true bins, 0 to 3"),
      ("0,0,-0.1", "response.csv:2:5: probability: found “-0.1”; expected a finite number ≥ 0"),
      ("0,0,nan", "response.csv:2:5: probability: found “nan”; expected a finite number ≥ 0"),
      ("0,0,inf", "response.csv:2:5: probability: found “inf”; expected a finite number ≥ 0"),
      ("0,0,some", "response.csv:2:5: probability: found “some”; expected a finite number ≥ 0"),
      (
        "0,0,0.5\n\n1,0,0.25\n0,0,0.25",
        "response.csv:5:1: measured,true: found the pair 0,0 a second time, after line 2; expected it once"
      ),
      (
        "0,0,0.5\n1,0,0.75",
        "response.csv:3:5: probability: found probabilities of true bin 0 that sum to 1.25 up to here; "
          + "expected at most 1"
      ),
      (
        "",
        "response.csv: found a header without rows; expected a header measured,true,probability and at least one row "
          + "of numbers"
      ),
    ])
  func rows(rows: String, expected: String) throws {
    let failure = try TemporaryMatrix(Self.header + rows + "\n").failure()
    #expect(failure.sentence == expected)
    #expect(failure.category == .badData)
  }

  @Test("sums may exceed one by rounding")
  func rounding() throws {
    #expect(try TemporaryMatrix(Self.header + "0,0,0.5\n1,0,0.5000000001\n").failure().sentence == "no error")
  }

  @Test(
    "a bad header",
    arguments: [
      ("measured,probability,true", "response.csv:1:10: header: found “probability”; expected the column true"),
      ("measured,true", "response.csv:1:10: header: found 2 columns; expected the column probability"),
      (
        "measured,true,probability,error",
        "response.csv:1:27: header: found the column “error”; expected only measured,true,probability"
      ),
    ])
  func header(header: String, expected: String) throws {
    #expect(try TemporaryMatrix(header + "\n0,0,1\n").failure().sentence == expected)
  }

  @Test("a file that is empty or missing")
  func files() throws {
    let empty = try TemporaryMatrix("# nothing\n")
    #expect(
      empty.failure().sentence
        == "response.csv: found an empty file; expected a header measured,true,probability and at least one row of "
        + "numbers")
    let missing = empty.failure(file: "other.csv")
    #expect(missing.sentence == "other.csv: found no such file; expected a response matrix in CSV")
    #expect(missing.category == .missingInput)
  }
}
