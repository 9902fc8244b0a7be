/// Recurrences over time: the selective scan of Mamba and the gated recurrence of RG-LRU.
///
/// Channels lie in the lanes, so that no sum goes across them; a strip of channels goes through all tokens before the
/// next, so that its state stays in the nearest cache.
enum LaneScan {
  /// Channels of a strip: one cache line of an input row.
  static let strip = 16

  /// Mamba, sections 3.2 and 3.4: h = exp(Δ·A)·h + (Δ·x)·B, y = (C·h + D·x)·SiLU(z), Δ = softplus of the step size.
  /// - Parameters:
  ///   - input: [tokens, 3·channels + 2·states]: x, step sizes, z, then B and C.
  ///   - decays: [channels/16, states, 16]: A, below zero.
  ///   - skip: [channels].
  ///   - before: the state before the first token, as `decays`.
  ///   - state: that after the last.
  ///   - output: [tokens, channels].
  ///   - tokens: those that follow one another.
  ///   - channels: a multiple of 16.
  ///   - states: those of a channel.
  @inline(never)
  static func selective(
    _ input: UnsafePointer<Float>, decays: UnsafePointer<Float>, skip: UnsafePointer<Float>,
    from before: UnsafePointer<Float>, state: UnsafeMutablePointer<Float>,
    into output: UnsafeMutablePointer<Float>,
    tokens: Int, channels: Int, states: Int
  ) {
    let columns = 3 * channels + 2 * states
    for first in stride(from: 0, to: channels, by: strip) {
      let a = decays + first * states
      let h = state + first * states
      h.update(from: before + first * states, count: strip * states)
      for token in 0..<tokens {
        let row = input + token * columns
        let b = row + 3 * channels
        let c = b + states
        for lane in stride(from: 0, to: strip, by: Lanes.width) {
          let channel = first + lane
          let x = Lanes(row + channel)
          let delta = LaneMath.softplus(Lanes(row + channels + channel))
          let moved = delta * x
          var y = Lanes(skip + channel) * x
          for n in 0..<states {
            let place = n * strip + lane
            let next = (moved * b[n]).adding(
              product: LaneMath.expBelow(delta * Lanes(a + place)), Lanes(h + place))
            next.store(h + place)
            y = y.adding(product: next, Lanes(repeating: c[n]))
          }
          (y * LaneMath.silu(Lanes(row + 2 * channels + channel)))
            .store(output + token * channels + channel)
        }
      }
    }
  }

  /// RG-LRU (Griffin, section 2.4): a = exp(λ·σ(r)), h = a·h + √(1 − a²)·σ(i)·x.
  /// - Parameters:
  ///   - input: [tokens, 3·channels]: x, r, i.
  ///   - decays: [channels]: λ, below zero.
  ///   - state: [channels], updated.
  ///   - output: [tokens, channels].
  ///   - tokens: those that follow one another.
  ///   - channels: a multiple of 16.
  @inline(never)
  static func gated(
    _ input: UnsafePointer<Float>, decays: UnsafePointer<Float>,
    state: UnsafeMutablePointer<Float>, into output: UnsafeMutablePointer<Float>,
    tokens: Int, channels: Int
  ) {
    for token in 0..<tokens {
      let row = input + token * 3 * channels
      for channel in stride(from: 0, to: channels, by: Lanes.width) {
        let decay = Lanes(decays + channel) * LaneMath.sigmoid(Lanes(row + channels + channel))
        let a = LaneMath.expBelow(decay)
        let gate = LaneMath.sigmoid(Lanes(row + 2 * channels + channel))
        let moved = LaneMath.root(1 - a * a) * gate * Lanes(row + channel)
        let next = a * Lanes(state + channel) + moved
        next.store(state + channel)
        next.store(output + token * channels + channel)
      }
    }
  }
}
