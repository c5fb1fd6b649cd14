import NuTuneStudy
public enum EnsembleTable {
  public static func text(_ results: EnsembleResults) -> String {
    results.sets.map { set in
      "\(set.name) \(set.model?.members ?? 0) shift \(set.model?.shift.mapValues { ($0.value * 1000).rounded() / 1000 } ?? [:]) spread \(set.model?.spread.mapValues { ($0.value * 1000).rounded() / 1000 } ?? [:]) far \(set.model?.farTv ?? []) holds \(set.model?.holdsTruth ?? [:]) \(set.model?.holdsTruthRegion ?? [:]) truth \(set.truth?.spread.mapValues { ($0.value * 1000).rounded() / 1000 } ?? [:]) nc \(set.unconvergedTrainings)\n"
    }.joined()
  }
  public static func status(_ status: EnsembleStatus, path: String) -> String { "\(status)\n" }
}
public enum EnsembleReport { public static func build(folder: String, jobs: Int) throws {} }
