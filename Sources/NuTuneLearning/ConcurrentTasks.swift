import CKernels
import Dispatch

/// Runs `body(task, worker)` for every task in 0 ..< `tasks` on at most `threads` threads; a worker takes one task
/// after the other, so a slow core does less. Which worker takes which task is left to chance: results must not
/// depend on `worker`, which only names private scratch space in 0 ..< `threads`.
func runConcurrently(tasks: Int, threads: Int, _ body: (_ task: Int, _ worker: Int) -> Void) {
  let workers = min(threads, tasks)
  guard workers > 1 else {
    for task in 0..<tasks { body(task, 0) }
    return
  }
  var counter: Int64 = 0
  withUnsafeMutablePointer(to: &counter) { shared in
    nonisolated(unsafe) let shared = shared
    withoutActuallyEscaping(body) { body in
      nonisolated(unsafe) let body = body
      DispatchQueue.concurrentPerform(iterations: workers) { worker in
        while true {
          let task = Int(claim_work(shared))
          if task >= tasks { return }
          body(task, worker)
        }
      }
    }
  }
}
