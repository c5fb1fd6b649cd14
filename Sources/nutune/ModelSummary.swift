import Foundation
import NuTuneCatalog
import NuTuneCore
import NuTuneFiles

/// What `nutune models` says of a trained model.
struct ModelSummary {
  /// Number of columns of a ``row``.
  static let columns = 5

  private let name: String
  private let card: ModelCard

  init(_ name: String, _ card: ModelCard) {
    self.name = name
    self.card = card
  }

  private static let unknown = "not on the card, which an older version wrote"

  /// Plugin, channels, targets and experiments, a line for people.
  static func title(_ card: ModelCard) -> String {
    guard let origin = card.origin else { return card.model }
    return "\(card.model) trained on \(origin.experiments.joined(separator: ", ")), "
      + "\(origin.channels.joined(separator: ", ")) on \(origin.targets.joined(separator: ", "))"
  }

  /// Name, plugin, channels, targets and experiments.
  var row: [String] {
    [
      name, card.model, card.origin?.channels.joined(separator: ",") ?? "?",
      card.origin?.targets.joined(separator: ",") ?? "?", card.origin?.experiments.joined(separator: ", ") ?? "?",
    ].map { PrintableText.line($0, limit: 200) }
  }

  /// The same for programs.
  var json: JSONValue {
    var object: [String: JSONValue] = [
      "name": .text(name), "model": .text(card.model), "label": .text(card.label), "schema": .text(card.schema),
      "converged": .boolean(card.record.converged),
    ]
    if let origin = card.origin {
      object["channels"] = .list(origin.channels.map { .text($0) })
      object["targets"] = .list(origin.targets.map { .text($0) })
      object["experiments"] = .list(origin.experiments.map { .text($0) })
    }
    return .object(object)
  }

  /// The whole card as JSON.
  func document() throws -> String { String(decoding: try JSONFile.bytes(of: card), as: UTF8.self) + "\n" }

  /// The card for readers.
  ///
  /// - Parameter parameters: number of its weights.
  func page(parameters: Int) -> String {
    var rows: [(String, String)] = [
      ("plugin", card.model), ("schema", card.schema), ("weights", "\(parameters) numbers"),
      ("weights_sha256", card.weightsDigest ?? Self.unknown),
      ("training", "\(card.record.converged ? "converged" : "NOT converged"): \(card.record.verdict)"),
      ("licence", card.licence ?? "not stated"),
    ]
    if let members = card.members {
      let own = members.count { $0.architecture != nil }
      rows.append(
        (
          "members",
          "\(members.count), whose mean it is" + (own > 0 ? "; \(own) with an architecture of their own" : "")
        ))
    }
    rows += card.origin.map { Self.rows($0) } ?? [("learned from", Self.unknown)]
    rows += card.parameters.sorted { $0.key < $1.key }.map { ("parameter", "\($0.key): \($0.value)") }
    for (label, component) in (card.components ?? [:]).sorted(by: { $0.key < $1.key }) {
      rows.append((label, component.trained.map { "\($0), trained (\(component.model))" } ?? component.model))
    }
    let width = rows.map(\.0.count).max() ?? 0
    return "\(name) · \(PrintableText.line(Self.title(card)))\n\n"
      + rows.map { key, value in
        "  \(key)\(String(repeating: " ", count: width - key.count))  \(PrintableText.line(value, limit: 4000))\n"
      }.joined()
  }

  private static func rows(_ origin: ModelOrigin) -> [(String, String)] {
    func text(_ value: Double) -> String { String(format: "%.4g", value) }
    func range(_ ends: [Double]) -> String { ends.map(text).joined(separator: " to ") }
    let factors = origin.scale.factors.sorted { $0.key < $1.key }.map { sign, factor in
      "\(text(factor.value)) ± \(text(factor.value * factor.statisticalError)) for \(sign)s"
    }
    return [
      ("experiments", origin.experiments.joined(separator: ", ")), ("targets", origin.targets.joined(separator: ", ")),
      ("channels", origin.channels.joined(separator: ", ")),
      ("neutrino energies", "\(range(origin.neutrinoEnergies)) GeV"),
    ]
      + origin.support.map { region in
        let place = region.w2.flatMap { w2 in
          region.q2.map { "W² \(range(w2)) GeV², Q² \(range($0)) GeV² (98 % of the rate in each)" }
        }
        return ("constrained by", "\(region.sample)\(place.map { ": \($0)" } ?? "")")
      }
      + [
        (
          "scale",
          origin.scale.isAbsolute
            ? "absolute, learned from numbers of events or measured cross sections"
              + (origin.scale.relativeError.map { ", ± \(text(100 * $0)) %" } ?? "")
            : factors.isEmpty
              ? "unknown, because it learned shapes"
              : "arbitrary, because it learned shapes; near events say × \(factors.joined(separator: ", "))"
        ), ("seeds", origin.seeds.sorted { $0.key < $1.key }.map { "\($0.key) \($0.value)" }.joined(separator: ", ")),
        ("version", "nutune \(origin.version)" + (origin.commit.map { ", commit \($0)" } ?? "")),
        ("data_sha256", origin.dataDigest),
      ] + (origin.study.map { [("study", $0)] } ?? []) + origin.formulas.map { ("formula", $0) }
  }
}
