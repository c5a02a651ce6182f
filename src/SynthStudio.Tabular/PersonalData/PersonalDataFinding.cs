namespace SynthStudio.Tabular;

/// <summary>A sign that a column holds personal data. Never holds a value of the column.</summary>
/// <param name="Kind">Which.</param>
/// <param name="ByName">Whether the column's name says so.</param>
/// <param name="Share">Share of the examined distinct values that pass the validation; 0 when only the name says so.</param>
public sealed record PersonalDataFinding(PersonalDataKind Kind, bool ByName, double Share)
{
    /// <summary>From 0 to 1: how much chance and other kinds of columns are ruled out. See <see cref="PersonalDataConfidence"/>.</summary>
    public double Confidence { get; init; }

    /// <summary>Whether it was found within longer texts, not as whole values.</summary>
    public bool InText { get; init; }

    /// <summary>Which form of a national number, for example <c>DE tax identification number</c>; null for other kinds.</summary>
    public string? Form { get; init; }

    /// <summary>What speaks for it, in words, with shares and counts.</summary>
    public IReadOnlyList<string> Reasons { get; init; } = [];
}
