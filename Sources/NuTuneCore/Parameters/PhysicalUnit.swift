/// A unit that a user may write after a number, `300 MeV`, and its conversion to another unit.
///
/// The dimensions are the ones that parameters have; energies and momenta are one (c = 1). A number is converted from
/// one decimal unit to another by moving its decimal point, so that `300 MeV` is the number `0.3` of a file in GeV, to
/// the last bit.
public struct PhysicalUnit: Sendable, Hashable {
  /// The dimension of a unit.
  enum Dimension: Sendable, Hashable {
    case energy, energySquared, length, mass, density, angle, time, current, share
  }

  let dimension: Dimension
  /// Power of ten of the unit in the dimension's base unit.
  let power: Int
  /// Factor in addition to the power of ten: 1 for a decimal unit.
  var factor = 1.0

  /// Every spelling that is read; the first spelling of each unit is shown.
  private static let table: [(spellings: [String], unit: PhysicalUnit)] = [
    (["eV"], .init(dimension: .energy, power: -9)),
    (["keV"], .init(dimension: .energy, power: -6)),
    (["MeV", "MeV/c"], .init(dimension: .energy, power: -3)),
    (["GeV", "GeV/c"], .init(dimension: .energy, power: 0)),
    (["TeV"], .init(dimension: .energy, power: 3)),
    (["eV²", "eV2", "eV^2"], .init(dimension: .energySquared, power: -18)),
    (["MeV²", "MeV2", "MeV^2"], .init(dimension: .energySquared, power: -6)),
    (["GeV²", "GeV2", "GeV^2"], .init(dimension: .energySquared, power: 0)),
    (["mm"], .init(dimension: .length, power: -3)),
    (["cm"], .init(dimension: .length, power: -2)),
    (["m"], .init(dimension: .length, power: 0)),
    (["km"], .init(dimension: .length, power: 3)),
    (["kg"], .init(dimension: .mass, power: -3)),
    (["t"], .init(dimension: .mass, power: 0)),
    (["kt"], .init(dimension: .mass, power: 3)),
    (["Mt"], .init(dimension: .mass, power: 6)),
    (["g/cm3", "g/cm³", "g/cm^3"], .init(dimension: .density, power: 0)),
    (["kg/m3", "kg/m³", "kg/m^3"], .init(dimension: .density, power: -3)),
    (["rad"], .init(dimension: .angle, power: 0)),
    (["mrad"], .init(dimension: .angle, power: -3)),
    (["deg", "°"], .init(dimension: .angle, power: 0, factor: .pi / 180)),
    (["ns"], .init(dimension: .time, power: -9)),
    (["ms"], .init(dimension: .time, power: -3)),
    (["s"], .init(dimension: .time, power: 0)),
    (["A"], .init(dimension: .current, power: 0)),
    (["kA"], .init(dimension: .current, power: 3)),
    (["%"], .init(dimension: .share, power: -2)),
  ]

  /// A number without a unit.
  private static let one = PhysicalUnit(dimension: .share, power: 0)

  /// Returns the unit of a spelling; nil for an unknown one. The empty text is the unit of a share.
  static func named(_ spelling: String) -> PhysicalUnit? {
    spelling.isEmpty ? one : table.first { $0.spellings.contains(spelling) }?.unit
  }

  /// Returns every spelling that may stand after a number of a parameter in a unit, that unit first; `%` for a
  /// parameter without unit.
  ///
  /// - Parameter unit: the declared unit, `GeV`.
  public static func spellings(for unit: String) -> [String] {
    guard let own = named(unit) else { return [unit] }
    let others = table.filter { $0.unit.dimension == own.dimension }.flatMap(\.spellings).filter { $0 != unit }
    return (unit.isEmpty ? [] : [unit]) + others
  }

  /// Reads a number in a unit: `0.3`, `0.3 GeV` or `300 MeV` for a parameter in GeV; nil if the text is not a number in
  /// a unit of that dimension.
  ///
  /// - Parameters:
  ///   - text: the user's text; a true minus sign counts as one.
  ///   - unit: the unit of the result, as declared; empty for a plain number.
  public static func number(_ text: String, in unit: String) -> Double? {
    let text = text.replacing("\u{2212}", with: "-").replacing("_", with: "")
    if let plain = Double(text) { return isDecimal(text) ? plain : nil }
    let end = numberEnd(of: text)
    let digits = text[..<end]
    let spelling = text[end...].drop { $0 == " " || $0 == "\u{A0}" || $0 == "\u{202F}" }
    guard isDecimal(digits), let value = Double(digits), !spelling.isEmpty else { return nil }
    if spelling == unit[...] { return value }
    guard let given = named(String(spelling)), let wanted = named(unit), given.dimension == wanted.dimension else {
      return nil
    }
    // Zero and overflow are the same in any unit; the exponent of any other value is a small number.
    guard value != 0, value.isFinite else { return value }
    let parts = digits.split(whereSeparator: { $0 == "e" || $0 == "E" })
    let exponent = parts.count > 1 ? Int(parts[1]) ?? 0 : 0
    let shifted = Double("\(parts[0])e\(exponent + given.power - wanted.power)") ?? value
    return given.factor == wanted.factor ? shifted : shifted * given.factor / wanted.factor
  }

  /// Whether a text is written in decimal digits, not as `0x1p3`, `inf` or `nan`.
  private static func isDecimal(_ text: some StringProtocol) -> Bool {
    text.allSatisfy { "0123456789+-.eE".contains($0) }
  }

  /// Returns the end of the longest number at the beginning of a text; an `e` belongs to it only before an exponent.
  private static func numberEnd(of text: String) -> String.Index {
    var end = text.startIndex
    while end < text.endIndex {
      let character = text[end]
      if character.isASCII, character.isNumber || "+-.".contains(character) {
        end = text.index(after: end)
        continue
      }
      let rest = text[end...].dropFirst()
      let exponent = rest.first == "-" || rest.first == "+" ? rest.dropFirst() : rest
      guard "eE".contains(character), let digit = exponent.first, digit.isASCII, digit.isNumber else { break }
      end = exponent.startIndex
    }
    return end
  }
}
