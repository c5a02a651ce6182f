namespace SynthStudio.Tabular;

/// <summary>A sign that a column holds personal data.</summary>
/// <param name="Kind">Which.</param>
/// <param name="ByName">Whether the column's name says so; else its values do.</param>
/// <param name="Share">Share of the examined distinct values that pass the validation; 0 when only the name says so.</param>
public sealed record PersonalDataFinding(PersonalDataKind Kind, bool ByName, double Share);
