namespace SynthStudio.Evaluation.Validity;

/// <summary>What a look at types, ranges, categories, keys, missing values and the schema's rules found.</summary>
/// <param name="Notes">In words, what is worth a look; empty when nothing is.</param>
/// <param name="Columns">One finding a scored or key column.</param>
/// <param name="Rules">One finding a rule of the schema; null in reports of older programs.</param>
public sealed record ValidityResult(IReadOnlyList<string> Notes, IReadOnlyList<ColumnValidity> Columns, IReadOnlyList<RuleValidity>? Rules = null);
