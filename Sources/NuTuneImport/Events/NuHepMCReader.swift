import Foundation
import NuTuneCore
import NuTuneTables

/// Reads NuHepMC files in HepMC3's ASCII, an event at a time.
struct NuHepMCReader {
  private static let content = "NuHepMC events in HepMC3's ASCII, plain or compressed by gzip"
  /// Particle codes of the incoming neutrino, the target and what leaves the nucleus. Drafts of NuHepMC had 11 for
  /// targets.
  private enum Status { static let (beam, targets, final) = (4, [20, 11], 1) }

  /// An event of which not all lines were read.
  private struct Draft {
    var location: SourceLocation
    var number: Int
    var particles: Int
    /// GeV in the unit of its momenta.
    var unit = 0.0
    var weight: Double?
    var process: Int?
    var seen = 0
    var beam: (code: Int, momentum: [Double])?
    var target: Int?
    var final: [(code: Int, momentum: [Double])] = []
  }

  private let target: Target
  private var header = NuHepMCHeader()
  private var draft: Draft?
  private var count = 0
  /// The running mean of E.C.4 and its error, in the unit of the file.
  private var running: (value: Double, error: Double)?
  private var isEnded = false

  static func read(_ path: String, target: Target, _ take: (GeneratedEvent) throws -> Void) throws -> EventFile {
    var reader = NuHepMCReader(target: target)
    let lines = try LineStream(path, content: content)
    let place = SourceLocation(file: path)
    let first = try lines.next { String(cString: $0.baseAddress!) } ?? ""
    let second = first.isEmpty ? try lines.next { String(cString: $0.baseAddress!) } ?? "" : first
    guard second.hasPrefix("HepMC::Version 3") else {
      throw NuTuneError(
        .badData, at: place, found: "“\(second.prefix(60))” at the beginning", expected: content)
    }
    while try lines.next({ try reader.line($0, at: lines.location, take) }) != nil {}
    guard reader.isEnded else {
      throw NuTuneError(
        .badData, at: place, found: "a file that ends after event \(reader.count), without END_EVENT_LISTING",
        expected: "a whole file")
    }
    guard reader.count > 0 else {
      throw NuTuneError(.badData, at: place, found: "0 events", expected: "at least one")
    }
    var file = EventFile(path: path)
    file.normalization = try reader.header.total(at: place, target: target)
    if file.normalization == nil, let running = reader.running {
      let unit = try reader.header.unit(at: place, target: target)
      file.normalization = .total(running.value * unit, error: abs(running.error) * unit)
    }
    file.beams = reader.header.beams()
    return file
  }

  private init(target: Target) { self.target = target }

  private mutating func line(
    _ bytes: UnsafeBufferPointer<CChar>, at location: SourceLocation, _ take: (GeneratedEvent) throws -> Void
  ) throws {
    guard bytes.count > 1, let letter = bytes.first else { return }
    var fields = LineFields(bytes, at: location)
    switch UInt8(bitPattern: letter) {
    case UInt8(ascii: "P"): try particle(&fields, at: location)
    case UInt8(ascii: "A"): try attribute(&fields)
    case UInt8(ascii: "E"):
      try finish(take)
      let (number, _, particles) = (
        try fields.integer("event"), try fields.integer("vertices"), try fields.integer("particles")
      )
      draft = Draft(location: location, number: number, particles: particles)
    case UInt8(ascii: "U"):
      let unit = fields.word()
      draft?.unit = unit == "GEV" ? 1 : unit == "MEV" ? 1e-3 : 0
    case UInt8(ascii: "W"): try weights(&fields)
    case UInt8(ascii: "H") where String(cString: bytes.baseAddress!).contains("END_EVENT_LISTING"):
      try finish(take)
      isEnded = true
    default: break
    }
  }

  private mutating func weights(_ fields: inout LineFields) throws {
    guard draft != nil else {
      header.weights = fields.rest().replacing("\\|", with: "\n").split(separator: "\n").map(String.init)
      return
    }
    for _ in 0..<header.centralWeight { _ = try fields.number("weight") }
    draft?.weight = try fields.number("weight")
  }

  private mutating func attribute(_ fields: inout LineFields) throws {
    guard draft != nil else {
      if let name = fields.word() { header.attributes[name] = fields.rest() }
      return
    }
    guard fields.word() == "0", let name = fields.word() else { return }
    switch name {
    case "signal_process_id": draft?.process = try fields.integer(name)
    case "GenCrossSection":
      let (value, error) = (try fields.number(name), try fields.number(name))
      running = (value, error)
    default: break
    }
  }

  private mutating func particle(_ fields: inout LineFields, at location: SourceLocation) throws {
    guard draft != nil else {
      throw NuTuneError(.badData, at: location, found: "a particle outside an event", expected: "an event first")
    }
    draft?.seen += 1
    _ = try fields.number("particle")
    _ = try fields.number("production vertex")
    let code = try fields.integer("particle number")
    let momentum = [
      try fields.number("px"), try fields.number("py"), try fields.number("pz"), try fields.number("energy"),
    ]
    _ = try fields.number("mass")
    let status = try fields.integer("status")
    if status == Status.beam {
      draft?.beam = (code, momentum)
    } else if status == Status.targets[0] || (status == Status.targets[1] && draft?.target == nil) {
      draft?.target = code
    } else if status == Status.final, (11...16).contains(abs(code)) {
      draft?.final.append((code, momentum))
    }
  }

  /// Hands the event on whose lines are all read.
  private mutating func finish(_ take: (GeneratedEvent) throws -> Void) throws {
    guard let event = draft else { return }
    draft = nil
    func refuse(_ found: String, _ expected: String) -> NuTuneError {
      NuTuneError(.badData, at: event.location, key: "event \(event.number)", found: found, expected: expected)
    }
    guard event.seen == event.particles else {
      throw refuse("\(event.seen) particles", "\(event.particles), as its first line says")
    }
    guard event.unit > 0 else { throw refuse("no unit of momenta", "a line U GEV or U MEV") }
    guard let weight = event.weight else { throw refuse("no weight", "a line W with a weight for each name") }
    guard let beam = event.beam, let target = event.target else {
      throw refuse(
        "no incoming neutrino (status 4) or no target (status 20)", "one of each, as NuHepMC demands")
    }
    count += 1
    do {
      try take(generated(event, beam: beam, target: target, weight: weight))
    } catch let error as NuTuneError {
      throw error.located(at: event.location, key: "event \(event.number)")
    }
  }

  private func generated(
    _ event: Draft, beam: (code: Int, momentum: [Double]), target: Int, weight: Double
  ) -> GeneratedEvent {
    let code = beam.code > 0 ? beam.code - 1 : beam.code + 1
    let lepton = event.final.filter { $0.code == code }.max { $0.momentum[3] < $1.momentum[3] }
    let isCharged =
      if header.hasProcessRanges, let process = event.process {
        (0..<50).contains(abs(process) % 100)
      } else {
        lepton != nil && !event.final.contains { $0.code == beam.code }
      }
    func length(_ p: [Double]) -> Double { (p[0] * p[0] + p[1] * p[1] + p[2] * p[2]).squareRoot() }
    var cosTheta = 1.0
    if let p = lepton?.momentum, length(p) > 0, length(beam.momentum) > 0 {
      let product = p[0] * beam.momentum[0] + p[1] * beam.momentum[1] + p[2] * beam.momentum[2]
      cosTheta = min(max(product / length(p) / length(beam.momentum), -1), 1)
    }
    return GeneratedEvent(
      neutrino: beam.code, target: target, isChargedCurrent: isCharged, lepton: lepton?.code ?? 0,
      neutrinoEnergy: beam.momentum[3] * event.unit, leptonEnergy: (lepton?.momentum[3] ?? 0) * event.unit,
      cosTheta: cosTheta, weight: weight)
  }
}
