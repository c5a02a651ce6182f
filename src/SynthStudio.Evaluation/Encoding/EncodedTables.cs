namespace SynthStudio.Evaluation.Encoding;

/// <summary>The tables of an evaluation in one common encoding.</summary>
/// <param name="Columns">The scored columns.</param>
/// <param name="Train">The rows the generator learned from.</param>
/// <param name="Synthetic">The rows to score.</param>
/// <param name="Holdout">Rows from the same source that the generator never saw, when there are any.</param>
internal sealed record EncodedTables(
    IReadOnlyList<ColumnEncoding> Columns, EncodedTable Train, EncodedTable Synthetic, EncodedTable? Holdout);
