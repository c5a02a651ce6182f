namespace SynthStudio.Evaluation.Validity;

/// <summary>What a look at types, ranges, categories, keys and missing values found.</summary>
/// <param name="Notes">In words, what is worth a look; empty when nothing is.</param>
/// <param name="Columns">One finding a scored or key column.</param>
public sealed record ValidityResult(IReadOnlyList<string> Notes, IReadOnlyList<ColumnValidity> Columns);
