import Foundation
import NuTuneCore
import NuTuneFiles
import NuTuneRuns
import Testing

/// What is sealed is seen to have changed.
@Suite struct SealedTests {
  private struct Content: Codable, Equatable {
    var number: Double
    var names: [String?]
    var left: Int?
  }

  @Test func aSealKeepsEveryDigit() throws {
    for number in [0.1 + 0.2, -0.0, 5e-324, 1.7976931348623157e308, 1e22, 4] {
      let content = Content(number: number, names: ["a", nil], left: nil)
      let bytes = try JSONFile.bytes(of: Sealed(content))
      #expect(try JSONDecoder().decode(Sealed<Content>.self, from: bytes).value == content)
    }
  }

  @Test func aChangeBreaksIt() throws {
    let text = String(decoding: try JSONFile.bytes(of: Sealed(Content(number: 0.5, names: [], left: 1))), as: UTF8.self)
    let folder = NSTemporaryDirectory() + "nutune-sealed-\(UUID().uuidString)"
    try AtomicFile.makeFolder(folder)
    defer { try? FileManager.default.removeItem(atPath: folder) }
    for (old, new) in [("0.5", "0.25"), ("\"left\" : 1", "\"left\" : 2"), ("\"seal\" : \"", "\"seal\" : \"0")] {
      let changed = text.replacing(old, with: new)
      #expect(changed != text)
      try AtomicFile.write(changed, to: "\(folder)/x.json")
      let error = #expect(throws: NuTuneError.self) {
        try JSONFile.read(Sealed<Content>.self, from: "\(folder)/x.json", expected: "content")
      }
      #expect(error?.category == .badData)
      #expect(error?.found.hasPrefix("content that was changed after it was written") == true)
    }
  }

  /// What an older version sealed.
  private struct Former: Codable {
    var amount: Double
  }

  /// The same with a key that was renamed.
  private struct Renamed: Codable, FormerNames {
    var number: Double

    static var formerNames: [String: String] { ["number": "amount"] }

    enum CodingKeys: String, CodingKey { case number }

    enum FormerKeys: String, CodingKey { case number = "amount" }

    init(number: Double) { self.number = number }

    init(from decoder: any Decoder) throws {
      let (values, former) = (
        try decoder.container(keyedBy: CodingKeys.self), try decoder.container(keyedBy: FormerKeys.self)
      )
      number =
        try values.decodeIfPresent(Double.self, forKey: .number) ?? former.decode(Double.self, forKey: .number)
    }
  }

  @Test func aSealOfFormerNamesHolds() throws {
    func read(_ bytes: Data) throws -> Double {
      try JSONFile.decode(Sealed<Renamed>.self, bytes, path: "x.json", expected: "content").value.number
    }
    #expect(try read(JSONFile.bytes(of: Sealed(Renamed(number: 0.5)))) == 0.5)
    let former = try JSONFile.bytes(of: Sealed(Former(amount: 0.5)))
    #expect(try read(former) == 0.5)
    let changed = String(decoding: former, as: UTF8.self).replacing("0.5", with: "0.25")
    #expect(throws: NuTuneError.self) { try read(Data(changed.utf8)) }
  }
}
