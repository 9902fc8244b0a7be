/// Names that scripts rely on, written out once more: a column that is renamed breaks them.
enum Contract {
  /// Columns of every result row, in order.
  static let columns = words(
    """
    chip runtime model phase batch context_tokens new_tokens devices parallel power_mode weights kv
    activations attention pattern schedule cache sparsity decoding experts latency_lower_s latency_s
    latency_upper_s latency_p10_s latency_p90_s tokens_per_s bound bound_at intensity_flop_per_byte
    ridge_flop_per_byte matrix_flop vector_flop special_flop weight_bytes cache_read_bytes
    cache_write_bytes activation_bytes main_memory_bytes footprint_bytes weights_resident_bytes
    kv_cache_bytes state_bytes fits energy_j energy_per_token_j mfu_ratio mbu_ratio
    paper_speedup_ratio realised_speedup_ratio note quality_loss_ratio quality_evidence
    """)

  /// What follows where a prompt and a number of tokens to generate are given.
  static let requestColumns = words("prompt_tokens generate_tokens ttft_s tpot_s request_s")

  static let kvColumns = words(
    """
    model batch context_tokens kv cache kv_cache_bytes state_bytes weights_resident_bytes
    """)

  /// What `--on` adds to them.
  static let kvChipColumns = words("chip footprint_bytes fits")

  /// Columns that hold words; all others hold bare numbers.
  static let texts = Set(
    words(
      """
      chip runtime model phase parallel power_mode weights kv activations attention pattern schedule
      cache sparsity decoding experts bound bound_at fits note
      quality_evidence
      """))

  static let exitCodes: Set<Int32> = [0, 1, 64, 65, 66, 73]

  static let formats = ["table", "csv", "json", "ndjson", "markdown"]

  private static func words(_ text: String) -> [String] {
    text.split { $0.isWhitespace }.map(String.init)
  }
}
