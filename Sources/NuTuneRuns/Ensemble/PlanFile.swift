import Foundation
import NuTuneCatalog
import NuTuneCore
import NuTuneFiles
import NuTuneResults

/// `plan.json`, schema `nutune.ensemble-plan/1`: the members of a folder, and the files and options that give the study
/// again.
struct PlanFile: Codable, Sendable {
  static let schemaName = "nutune.ensemble-plan/1"

  var schema = schemaName
  /// The study file, absolute, and the changes of the command line.
  var studyFile: String
  package var changes: [String]
  /// The catalogs folders in which names are looked up.
  var catalogs: [String]
  /// Folder from which the plan was made.
  var workingFolder: String
  /// Digest of everything that determines the members.
  package var digest: String
  /// The sets of members.
  var sets: [EnsemblePlan.MemberSet]
  /// The effective study.
  var study: EffectiveStudy
  /// Seeds of the study by purpose.
  var seeds: [String: Int]

  enum CodingKeys: String, CodingKey {
    case schema
    case studyFile = "study_file"
    case changes
    case catalogs
    case workingFolder = "working_folder"
    case digest
    case sets
    case study
    case seeds
  }
}

extension PlanFile: ReadBack {
  /// Refuses sets that no study can ask for, and names that are no words.
  package func check() throws {
    try ReadBackCheck.require(schema == Self.schemaName, "schema", "“\(schema)”", "“\(Self.schemaName)”")
    try ReadBackCheck.require(!digest.isEmpty, "digest", "nothing", "the digest of what members depend on")
    try ReadBackCheck.require(!sets.isEmpty, "sets", "none", "at least one set of members")
    for (index, set) in sets.enumerated() { try set.check("sets.\(index)") }
    try ReadBackCheck.require(
      Set(sets.map(\.name)).count == sets.count, "sets", "a name twice", "every set once")
    try ReadBackCheck.require(
      workingFolder.hasPrefix("/"), "working_folder", "“\(workingFolder)”", "an absolute path")
    for (index, library) in (study.plugins ?? []).enumerated() {
      try ReadBackCheck.digest(library.sha256, "study.plugins.\(index).sha256")
    }
  }
}

extension EnsemblePlan.MemberSet {
  fileprivate func check(_ key: String) throws {
    let known = [EnsemblePlan.all] + SystematicSource.allCases.map(\.rawValue)
    try ReadBackCheck.require(
      known.contains(name), "\(key).name", "“\(name)”", "one of \(known.joined(separator: ", "))")
    try ReadBackCheck.require(
      EnsemblePlan.memberNumbers.contains(members), "\(key).members", "\(members)",
      "a number from \(EnsemblePlan.memberNumbers.lowerBound) to \(EnsemblePlan.memberNumbers.upperBound)")
    try ReadBackCheck.require(
      !vary.isEmpty && Set(vary).count == vary.count && (name == EnsemblePlan.all || vary.map(\.rawValue) == [name]),
      "\(key).vary", "[\(vary.map(\.rawValue).joined(separator: ", "))]",
      name == EnsemblePlan.all ? "what varies, each source once" : "[\(name)]")
  }
}
